package io.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileDocumentsTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13};
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  private static Extracting extracting;

  @BeforeAll
  static void start() {
    extracting = new Extracting();
  }

  @AfterAll
  static void end() {
    extracting.close();
  }

  static Stream<Arguments> hostile() throws Exception {
    return Stream.of(
        arguments("bomb.docx", HostileWords.flatBomb(false), Reason.TOO_COSTLY),
        arguments("words.docx", HostileWords.flatBomb(true), Reason.TOO_LONG),
        arguments("entries.docx", HostileWords.manyEntries(), Reason.TOO_COSTLY),
        arguments("nested.zip", HostileWords.nestedBomb(), Reason.UNSUPPORTED),
        arguments("nested.docx", HostileWords.nestedBomb(), Reason.WRONG_TYPE),
        arguments("bomb.txt.gz", Bombs.gzipped(512 << 20), Reason.TOO_COSTLY),
        arguments("twice.gz.gz", Bombs.gzip(Bombs.gzipped(9)), Reason.TOO_COSTLY),
        arguments("zip.gz", Bombs.gzip(HostileWords.good()), Reason.TOO_COSTLY),
        arguments("laughs.docx", HostileWords.billionLaughs(), Reason.DAMAGED),
        arguments("file.docx", HostileWords.foreignEntity("file:///etc/passwd"), Reason.DAMAGED),
        arguments("http.docx", HostileWords.foreignType("http://127.0.0.1:1/x"), Reason.DAMAGED),
        arguments("deep.docx", HostileWords.deepElements(), Reason.TOO_COSTLY),
        arguments("locked.docx", HostileWords.encrypted(), Reason.ENCRYPTED),
        arguments("cut.docx", half(HostileWords.good()), Reason.DAMAGED),
        arguments("locked.pdf", HostilePdfs.encrypted(), Reason.ENCRYPTED),
        arguments("tree.pdf", HostilePdfs.deepTree(), Reason.TOO_COSTLY),
        arguments("cycle.pdf", HostilePdfs.cyclicTree(), Reason.DAMAGED),
        arguments("pages.pdf", HostilePdfs.endlessPages(), Reason.EMPTY),
        arguments("many.pdf", HostilePdfs.manyPages(10_001), Reason.TOO_MANY_PAGES),
        arguments("stream.pdf", HostilePdfs.streamOfGigabytes(), Reason.TOO_COSTLY),
        arguments("twice.pdf", HostilePdfs.streamPackedTwice(), Reason.EMPTY),
        arguments("arrays.pdf", HostilePdfs.deepArrays(), Reason.DAMAGED),
        arguments("scan.pdf", HostilePdfs.scanned(), Reason.EMPTY),
        arguments("cut.pdf", Arrays.copyOf(HostilePdfs.good(), 40), Reason.DAMAGED),
        arguments("image.pdf", PNG, Reason.WRONG_TYPE),
        arguments("program.pdf", ELF, Reason.WRONG_TYPE),
        arguments("text.pdf", bytes("This is a text."), Reason.WRONG_TYPE),
        arguments("text.docx", bytes("This is a text."), Reason.WRONG_TYPE),
        arguments("pdf.docx", HostilePdfs.good(), Reason.WRONG_TYPE),
        arguments("text.gz", bytes("This is a text."), Reason.WRONG_TYPE),
        arguments("image.txt", PNG, Reason.WRONG_TYPE),
        arguments("image.png", PNG, Reason.UNSUPPORTED),
        arguments("program", ELF, Reason.UNSUPPORTED),
        arguments("letter.rtf", bytes("{\\rtf1 text}"), Reason.UNSUPPORTED),
        arguments("empty.pdf", new byte[0], Reason.EMPTY),
        arguments("empty", new byte[0], Reason.EMPTY),
        arguments("blank.txt", bytes(" \n\t\u00A0\n"), Reason.EMPTY),
        arguments("blank.html", bytes("<html><script>x()</script></html>"), Reason.EMPTY),
        arguments("long.txt", bytes("x".repeat(100 << 20)), Reason.TOO_LONG),
        arguments("cut.txt.gz", half(Bombs.gzip(bytes("text"))), Reason.DAMAGED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void a_hostile_document_has_its_reason(String filename, byte[] document, Reason reason)
      throws Exception {
    assertThat(extracting.refusal(document, filename)).isEqualTo(reason);
    assertThat(extracting.text(HostilePdfs.good(), "good.pdf").text()).contains("A good page.");
  }

  @Test
  void a_document_larger_than_allowed_is_taken_back() {
    Bounds small = new Bounds(1_000, 1_000, Duration.ofSeconds(60));
    Refused refused = (Refused) extracting.of(bytes("x".repeat(1_001)), "a.txt", small);
    assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(extracting.of(bytes("x".repeat(1_000)), "a.txt", small))
        .as("as large as it may be, with the same process")
        .isInstanceOf(io.sluice.TextExtraction.Extracted.class);
  }

  @Test
  void html_nested_a_hundred_thousand_deep_is_read() {
    String page = "<div>".repeat(100_000) + "<b>deep</b>" + "</div>".repeat(100_000);
    assertThat(extracting.text(page, "deep.html").text()).contains("deep");
  }

  @Test
  void a_million_marks_on_one_letter_are_read() {
    String text = "a" + "\u0323\u0301".repeat(500_000);
    assertThat(extracting.text(text, "marks.txt").text()).hasSizeGreaterThan(900_000);
  }

  @Test
  void nothing_of_a_foreign_entity_is_in_the_message() throws Exception {
    Refused refused =
        (Refused) extracting.of(HostileWords.foreignEntity("file:///etc/hostname"), "x.docx");
    assertThat(refused.message())
        .isEqualTo("The document declares a document type, which none may.");
  }

  private static byte[] half(byte[] document) {
    return Arrays.copyOf(document, document.length / 2);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
