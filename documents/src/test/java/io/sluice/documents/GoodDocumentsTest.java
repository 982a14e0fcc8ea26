package io.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TextExtraction.Extracted;
import io.sluice.documents.corpus.DocxWriter;
import io.sluice.documents.corpus.PdfWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.xwpf.usermodel.BreakType;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GoodDocumentsTest {
  private static Extracting extracting;

  @BeforeAll
  static void start() {
    extracting = new Extracting();
  }

  @AfterAll
  static void end() {
    extracting.close();
  }

  @Test
  void the_pages_of_a_pdf_begin_where_their_text_does() throws IOException {
    List<List<String>> pages = new ArrayList<>();
    for (int page = 1; page <= 30; page++) {
      // Page 7 is blank, as between chapters, and the last one too.
      boolean blank = page == 7 || page == 30;
      pages.add(
          blank ? List.of() : List.of("Page " + page + " begins.", "Page " + page + " ends."));
    }
    Extracted pdf = extracting.text(PdfWriter.ofPages("Thirty pages", pages), "thirty.pdf");
    assertThat(pdf.type()).isEqualTo("application/pdf");
    assertThat(pdf.title()).contains("Thirty pages");
    assertThat(pdf.pageStarts()).hasSize(30).startsWith(0);
    for (int page = 1; page <= 30; page++) {
      assertThat(page(pdf, page).strip().lines().toList()).isEqualTo(pages.get(page - 1));
    }
  }

  @Test
  void a_blank_page_without_any_content_counts() {
    byte[] pdf =
        new RawPdf()
                .object("<< /Type /Catalog /Pages 2 0 R >>")
                .object("<< /Type /Pages /Count 3 /Kids [3 0 R 4 0 R 3 0 R] >>")
                .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>")
                .object(
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R /Resources <<"
                        + " /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>")
                .stream("", "BT /F 9 Tf 9 50 Td (second) Tj ET")
                .end();
    Extracted extracted = extracting.text(pdf, "blank.pdf");
    assertThat(extracted.pageStarts()).hasSize(3);
    assertThat(page(extracted, 2).strip()).isEqualTo("second");
  }

  @Test
  void a_word_document_has_its_paragraphs_tabs_breaks_and_tables() throws IOException {
    try (XWPFDocument document = new XWPFDocument()) {
      XWPFRun run = document.createParagraph().createRun();
      run.setText("one");
      run.addTab();
      run.setText("two");
      run.addBreak(BreakType.TEXT_WRAPPING);
      run.setText("three & <four>");
      XWPFTable table = document.createTable(1, 2);
      table.getRow(0).getCell(0).setText("left");
      table.getRow(0).getCell(1).setText("right");
      document
          .createParagraph()
          .createRun()
          .setText("e\u0301 \u05E9\u05DC\u05D5\u05DD \uD83D\uDE00");
      document.getProperties().getCoreProperties().setTitle("A title");
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      document.write(bytes);
      Extracted word = extracting.text(bytes.toByteArray(), "a.docx");
      assertThat(word.text())
          .isEqualTo(
              "one\ttwo\nthree & <four>\nleft\nright\n\u00E9 \u05E9\u05DC\u05D5\u05DD \uD83D\uDE00\n");
      assertThat(word.title()).contains("A title");
      assertThat(word.pageStarts()).isEmpty();
      assertThat(word.type())
          .isEqualTo("application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    }
  }

  @Test
  void a_word_document_says_what_another_reader_reads_in_it() throws IOException {
    byte[] document = DocxWriter.ofParagraphs("t", List.of("One.", "", "Two.", "Three."));
    try (XWPFDocument other = new XWPFDocument(new ByteArrayInputStream(document))) {
      StringBuilder text = new StringBuilder();
      other.getParagraphs().forEach(paragraph -> text.append(paragraph.getText()).append('\n'));
      assertThat(extracting.text(document, "a.docx").text()).isEqualTo(text.toString());
    }
  }

  @Test
  void html_has_what_a_reader_sees_line_by_line() {
    Extracted page =
        extracting.text(
            "<!DOCTYPE html><html><head><title>A &amp; B</title><style>p{}</style></head><body>"
                + "<h1>Head</h1><p>One <b>bold</b>\n  word.<br>Next.<script>no()</script>"
                + "<ul><li>a<li>b</ul><pre>x\n  y</pre><table><tr><td>1<td>2</table></body></html>",
            "page");
    assertThat(page.text())
        .isEqualTo("Head\n\nOne bold word.\nNext.\n\n- a\n- b\n\nx\n  y\n\n1\t2\n");
    assertThat(page.type()).isEqualTo("text/html");
    assertThat(page.title()).contains("A & B");
  }

  @Test
  void html_in_another_charset_is_read_as_it_says() {
    byte[] page =
        "<html><meta charset=koi8-r><p>\u043F\u0440\u0438\u0432\u0435\u0442</p>"
            .getBytes(Charset.forName("koi8-r"));
    assertThat(extracting.text(page, "a.html").text().strip())
        .isEqualTo("\u043F\u0440\u0438\u0432\u0435\u0442");
  }

  @Test
  void text_is_read_in_whatever_it_was_written() {
    String text = "Gr\u00FC\u00DFe aus K\u00F6ln, 5 \u20AC\n";
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16,
            Charset.forName("windows-1252"))) {
      assertThat(extracting.text(text.getBytes(charset), "a.txt").text())
          .as(charset.name())
          .isEqualTo(text);
    }
    assertThat(extracting.text("\uFEFF" + text, "a.txt").text()).isEqualTo(text);
  }

  @Test
  void a_text_cut_in_the_middle_of_a_character_is_still_what_it_was() {
    byte[] text = "\u00E4\u00F6\u00FC\u20AC".repeat(50).getBytes(StandardCharsets.UTF_8);
    byte[] cut = java.util.Arrays.copyOf(text, text.length - 1);
    assertThat(extracting.text(cut, "a.txt").text())
        .startsWith("\u00E4\u00F6\u00FC\u20AC\u00E4")
        .endsWith("\u00FC\uFFFD");
  }

  @Test
  void markdown_stays_as_it_is() {
    Extracted page = extracting.text("# Head\n\n* a *b*\n", "README.md");
    assertThat(page).isEqualTo(new Extracted("# Head\n\n* a *b*\n", List.of(), "text/markdown"));
  }

  @Test
  void what_is_in_a_gzip_file_is_read_by_its_inner_name() throws IOException {
    byte[] markdown = Bombs.gzip("# Head".getBytes(StandardCharsets.UTF_8));
    assertThat(extracting.text(markdown, "README.md.gz").type()).isEqualTo("text/markdown");
    assertThat(extracting.text(Bombs.gzip(HostilePdfs.good()), "a.pdf.gz").type())
        .isEqualTo("application/pdf");
  }

  @Test
  void letters_from_the_right_and_signs_beyond_sixteen_bits_are_kept() {
    String text =
        "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \uD83D\uDC69\u200D\uD83D\uDCBB e\u0301";
    assertThat(extracting.text(text, "a.txt").text()).isEqualTo(text.replace("e\u0301", "\u00E9"));
  }

  /** What is on a page, by the starts that extraction gave. */
  private static String page(Extracted document, int number) {
    int start = document.pageStarts().get(number - 1);
    return number == document.pageStarts().size()
        ? document.text().substring(start)
        : document.text().substring(start, document.pageStarts().get(number));
  }
}
