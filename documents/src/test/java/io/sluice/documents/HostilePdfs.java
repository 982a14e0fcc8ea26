package io.sluice.documents;

import io.sluice.documents.corpus.PdfWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;

/** PDFs that were made to do harm. */
final class HostilePdfs {
  private static final String FONT =
      "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> ";
  private static final int DEEP = 100_000;
  private static final int LEVELS = 12;
  private static final int CALLS = 10;

  private HostilePdfs() {}

  static byte[] good() throws IOException {
    return PdfWriter.ofPages("Good", List.of(List.of("A good page.")));
  }

  /** Page trees in page trees, 100,000 deep. */
  static byte[] deepTree() {
    RawPdf pdf = new RawPdf().object("<< /Type /Catalog /Pages 2 0 R >>");
    for (int i = 2; i < DEEP; i++) {
      pdf.object("<< /Type /Pages /Count 1 /Kids [" + (i + 1) + " 0 R] >>");
    }
    return pdf.object("<< /Type /Page /MediaBox [0 0 9 9] >>").end();
  }

  /** A page tree that is its own child. */
  static byte[] cyclicTree() {
    return new RawPdf()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Count 9 /Kids [3 0 R 2 0 R] >>")
        .object("<< /Type /Pages /Count 9 /Kids [2 0 R 3 0 R] >>")
        .end();
  }

  /** Ten to the power of eleven pages, by twelve levels of ten children that are all the same. */
  static byte[] endlessPages() {
    RawPdf pdf = new RawPdf().object("<< /Type /Catalog /Pages 2 0 R >>");
    for (int i = 2; i < LEVELS + 2; i++) {
      String kids = ((i + 1) + " 0 R ").repeat(CALLS);
      pdf.object("<< /Type /Pages /Count 100000000 /Kids [" + kids + "] >>");
    }
    return pdf.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>").end();
  }

  /** More pages than a document may have, each honest. */
  static byte[] manyPages(int pages) {
    RawPdf pdf = new RawPdf().object("<< /Type /Catalog /Pages 2 0 R >>");
    StringBuilder all = new StringBuilder();
    for (int i = 3; i < pages + 3; i++) {
      all.append(i).append(" 0 R ");
    }
    pdf.object("<< /Type /Pages /Count " + pages + " /Kids [" + all + "] >>");
    for (int i = 0; i < pages; i++) {
      pdf.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>");
    }
    return pdf.end();
  }

  /** A page with one word of half a gigabyte. */
  static byte[] streamOfGigabytes() throws IOException {
    return page("/Filter /FlateDecode", Bombs.deflated("BT /F 9 Tf (", 512 << 20));
  }

  /** The same, packed twice: a few kilobytes. */
  static byte[] streamPackedTwice() throws IOException {
    return page(
        "/Filter [/FlateDecode /FlateDecode]",
        Bombs.deflate(Bombs.deflated("BT /F 9 Tf (", 512 << 20)));
  }

  private static byte[] page(String filter, byte[] content) {
    return new RawPdf()
            .object("<< /Type /Catalog /Pages 2 0 R >>")
            .object("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
            .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>")
            .stream(filter, content)
            .end();
  }

  /** A page that draws a form ten times, that draws another ten times, and so on. */
  static byte[] endlessContent() {
    RawPdf pdf =
        new RawPdf()
                .object("<< /Type /Catalog /Pages 2 0 R >>")
                .object("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
                .object(
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
                        + FONT
                        + "/XObject << /X 5 0 R >> >> >>")
                .stream("", "/X Do ".repeat(CALLS));
    for (int i = 5; i < LEVELS + 5; i++) {
      pdf.stream(
          "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X "
              + (i + 1)
              + " 0 R >> >>",
          "/X Do ".repeat(CALLS));
    }
    return pdf.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "q Q ").end();
  }

  /** Arrays in arrays, 100,000 deep. */
  static byte[] deepArrays() {
    return new RawPdf()
        .object("<< /Type /Catalog /Pages 2 0 R >>")
        .object("<< /Type /Pages /Count 1 /Kids " + "[".repeat(DEEP) + "]".repeat(DEEP) + " >>")
        .end();
  }

  static byte[] encrypted() throws IOException {
    try (PDDocument pdf = Loader.loadPDF(good())) {
      pdf.protect(new StandardProtectionPolicy("owner", "reader", new AccessPermission()));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      pdf.save(bytes);
      return bytes.toByteArray();
    }
  }

  /** Pages without text, as a scanner makes them. */
  static byte[] scanned() {
    return manyPages(3);
  }
}
