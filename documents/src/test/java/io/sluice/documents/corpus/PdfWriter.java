package io.sluice.documents.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** Makes a PDF of a text, the same bytes each time. */
public final class PdfWriter {
  private static final int LINES_PER_PAGE = 60;
  private static final int COLUMNS = 90;

  private PdfWriter() {}

  /**
   * A PDF of a text in as many pages as it takes; a character that the font lacks is a {@code ?}.
   */
  public static byte[] ofText(String title, String text) throws IOException {
    List<List<String>> pages = new ArrayList<>();
    for (String line : wrapped(text)) {
      if (pages.isEmpty() || pages.getLast().size() == LINES_PER_PAGE) {
        pages.add(new ArrayList<>());
      }
      pages.getLast().add(line);
    }
    return ofPages(title, pages);
  }

  /** A PDF with these lines on these pages. */
  public static byte[] ofPages(String title, List<List<String>> pages) throws IOException {
    try (PDDocument pdf = new PDDocument()) {
      PDFont font = new PDType1Font(Standard14Fonts.FontName.COURIER);
      for (List<String> lines : pages) {
        PDPage page = new PDPage(PDRectangle.A4);
        pdf.addPage(page);
        write(pdf, page, font, lines);
      }
      pdf.getDocumentInformation().setTitle(title);
      // What the identifier is made of; else it would be the time.
      pdf.setDocumentId(1L);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      pdf.save(bytes);
      return bytes.toByteArray();
    }
  }

  private static void write(PDDocument pdf, PDPage page, PDFont font, List<String> lines)
      throws IOException {
    try (PDPageContentStream content = new PDPageContentStream(pdf, page)) {
      content.beginText();
      content.setFont(font, 9);
      content.setLeading(12);
      content.newLineAtOffset(50, 780);
      for (String line : lines) {
        content.showText(inFont(font, line));
        content.newLine();
      }
      content.endText();
    }
  }

  private static String inFont(PDFont font, String line) {
    StringBuilder known = new StringBuilder();
    line.codePoints().forEach(c -> known.append(has(font, c) ? Character.toString(c) : "?"));
    return known.toString();
  }

  private static boolean has(PDFont font, int character) {
    try {
      return character >= ' ' && font.encode(Character.toString(character)).length > 0;
    } catch (IOException | IllegalArgumentException unknown) {
      return false;
    }
  }

  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.replace("\t", "    ").split("\\R", -1)) {
      for (int i = 0; i == 0 || i < line.length(); i += COLUMNS) {
        lines.add(line.substring(i, Math.min(line.length(), i + COLUMNS)));
      }
    }
    return lines;
  }
}
