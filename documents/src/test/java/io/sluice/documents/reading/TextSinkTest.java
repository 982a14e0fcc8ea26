package io.sluice.documents.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TextExtraction.Reason;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSinkTest {
  private static final String[] ALPHABET = {
    "a",
    "e",
    " ",
    "\n",
    "\u0301",
    "\u0323",
    "\u1100",
    "\u1161",
    "\u11A8",
    "\u05D0",
    "\u4E2D",
    "\uD83D\uDE00",
    "\uD834\uDD5E",
    "\u09C7",
    "\u09BE"
  };

  @Test
  void pieces_make_the_text_that_the_whole_would_make() throws IOException {
    for (long seed = 1; seed <= 10; seed++) {
      StringBuilder whole = new StringBuilder("x");
      new Random(seed).ints(200_000, 0, ALPHABET.length).forEach(i -> whole.append(ALPHABET[i]));
      assertThat(text(whole.toString()))
          .as("seed %d", seed)
          .isEqualTo(Normalizer.normalize(whole, Normalizer.Form.NFC));
    }
  }

  @Test
  void lines_end_with_a_line_feed_however_they_ended() throws IOException {
    assertThat(text("a\r\nb\rc\fd\u000Be\n\r\nf")).isEqualTo("a\nb\nc\nd\ne\n\nf");
  }

  @Test
  void no_control_character_and_no_half_of_a_pair_is_left() throws IOException {
    assertThat(text("\uFEFFa\0b\u001Bc\u007F\td\uD83De\uDE00f\uD83D"))
        .isEqualTo("abc\td\uFFFDe\uFFFDf\uFFFD");
  }

  @Test
  void a_text_as_long_as_allowed_is_kept_and_one_longer_refused() throws IOException {
    assertThat(text("x".repeat(100_000), 100_000)).hasSize(100_000);
    assertThatThrownBy(() -> text("x".repeat(100_001), 100_000))
        .isInstanceOfSatisfying(
            RefusedDocument.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
  }

  @Test
  void marks_without_end_are_still_in_the_normal_form() throws IOException {
    String text = text("a" + "\u0301\u0323".repeat(50_000));
    assertThat(Normalizer.isNormalized(text, Normalizer.Form.NFC)).isTrue();
    assertThat(text.replace("\u034F", "")).hasSizeBetween(99_999, 100_001);
  }

  @Test
  void a_page_begins_on_a_line_of_its_own() throws IOException {
    TextSink sink = new TextSink(100, 9);
    sink.startPage();
    sink.write("one");
    sink.startPage();
    sink.startPage();
    sink.write("\u0301three");
    Result result = sink.finish(Kind.PDF, "");
    assertThat(String.join("", result.pieces())).isEqualTo("one\n\u0301three");
    assertThat(result.pageStarts()).containsExactly(0, 4, 4);
  }

  private static String text(String raw) throws IOException {
    return text(raw, 1_000_000);
  }

  private static String text(String raw, int charactersMax) throws IOException {
    TextSink sink = new TextSink(charactersMax, 9);
    sink.write(raw);
    return String.join("", sink.finish(Kind.TEXT, "").pieces());
  }
}
