package io.sluice.documents.corpus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xwpf.usermodel.XWPFDocument;

/** Makes a Word document of a text, the same bytes each time. */
public final class DocxWriter {
  private DocxWriter() {}

  /** A document with these paragraphs; what XML cannot hold is left out. */
  public static byte[] ofParagraphs(String title, List<String> paragraphs) throws IOException {
    try (XWPFDocument document = new XWPFDocument()) {
      for (String paragraph : paragraphs) {
        document.createParagraph().createRun().setText(forXml(paragraph));
      }
      document.getProperties().getCoreProperties().setTitle(forXml(title));
      document.getProperties().getCoreProperties().setCreated(Optional.of(new Date(0)));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.write(bytes);
      return timeless(bytes.toByteArray());
    }
  }

  private static String forXml(String text) {
    return text.replaceAll("[^\\t\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "");
  }

  private static byte[] timeless(byte[] docx) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(docx));
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      ZipEntry entry;
      while ((entry = in.getNextEntry()) != null) {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTime(1_000_000_000_000L);
        out.putNextEntry(same);
        in.transferTo(out);
      }
    }
    return bytes.toByteArray();
  }
}
