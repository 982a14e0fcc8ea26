package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.text.PDFTextStripper;

/** The text of a PDF, page by page, in the order in which the file has it. */
final class PdfText extends PDFTextStripper {
  static {
    FontMappers.set(new OneFont());
  }

  private final TextSink sink;

  private PdfText(TextSink sink) {
    this.sink = sink;
    setLineSeparator("\n");
  }

  /** Returns the title, empty if there is none. */
  static String read(Path file, TextSink sink) throws IOException {
    try (PDDocument pdf =
        Loader.loadPDF(file.toFile(), "", IOUtils.createMemoryOnlyStreamCache())) {
      new PdfText(sink).writeText(pdf, sink);
      if (sink.pages() == 0) {
        throw RefusedDocument.damaged("The PDF has no page that can be read.");
      }
      String title = pdf.getDocumentInformation().getTitle();
      return title == null ? "" : title;
    } catch (InvalidPasswordException locked) {
      throw new RefusedDocument(Reason.ENCRYPTED, "The PDF can be read only with its password.");
    }
  }

  @Override
  protected void startPage(PDPage page) throws IOException {
    countPages(getCurrentPageNo());
  }

  @Override
  protected void endDocument(PDDocument pdf) throws IOException {
    countPages(getCurrentPageNo() - 1);
  }

  /** Pages without content are passed over in silence, and are pages all the same. */
  private void countPages(int pages) throws IOException {
    while (sink.pages() < pages) {
      sink.startPage();
    }
  }
}
