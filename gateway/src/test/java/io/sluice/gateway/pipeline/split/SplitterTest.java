package io.sluice.gateway.pipeline.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TokenCounter;
import io.sluice.tokens.EstimatedTokens;
import io.sluice.tokens.Qwen3Tokens;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitterTest {
  private static final TokenCounter QWEN3 = new Qwen3Tokens();
  private static final TokenCounter ESTIMATE = new EstimatedTokens();

  @Test
  void a_text_that_fits_is_one_part() {
    assertThat(Splitter.split("All of it.", QWEN3, new Splitter.Size(16, 0)))
        .containsExactly(new Part(0, 0, 10, QWEN3.count("All of it.")));
  }

  @Test
  void a_text_of_white_space_has_no_parts() {
    assertThat(Splitter.split("", QWEN3, new Splitter.Size(16, 4))).isEmpty();
    assertThat(Splitter.split(" \n\n".repeat(5_000), QWEN3, new Splitter.Size(16, 4))).isEmpty();
  }

  @Test
  void parts_end_before_headings_where_there_is_one_in_the_later_half() {
    String text =
        "# One\n\n" + "Some words here. ".repeat(8) + "\n\n## Two\n\n" + "More of it. ".repeat(20);
    List<Part> parts = Splitter.split(text, QWEN3, new Splitter.Size(60, 0));
    assertThat(parts.get(1).of(text)).startsWith("## Two");
  }

  @Test
  void a_number_sign_without_a_space_is_no_heading() {
    String text = "Words and words.\n".repeat(10) + "#define X\n" + "More and more.\n".repeat(10);
    assertThat(Splitter.split(text, QWEN3, new Splitter.Size(60, 0)))
        .noneMatch(part -> part.of(text).startsWith("#"));
  }

  @Test
  void parts_end_between_paragraphs_before_they_end_between_sentences() {
    String paragraph = "One sentence of it. Another sentence of it. And a third one of these.";
    String text = String.join("\n\n", Collections.nCopies(12, paragraph));
    assertThat(Splitter.split(text, QWEN3, new Splitter.Size(40, 0)))
        .allSatisfy(part -> assertThat(part.of(text)).startsWith("One sentence"));
  }

  @Test
  void parts_end_between_sentences_before_they_end_between_words() {
    String text = "He said \"that is all.\" Then he left? Nobody knew why he did so! ".repeat(20);
    assertThat(Splitter.split(text, QWEN3, new Splitter.Size(30, 0)))
        .allSatisfy(part -> assertThat(part.of(text)).matches("(He|Then|Nobody)(?s).*[\"?!] "));
  }

  @Test
  void sentences_of_chinese_end_without_a_space() {
    String text = "今天天气很好。我们去公园散步吧！你想去吗？".repeat(30);
    assertThat(Splitter.split(text, QWEN3, new Splitter.Size(40, 0)))
        .allSatisfy(part -> assertThat(part.of(text)).matches(".*[。！？]"));
  }

  @Test
  void parts_end_between_words_where_there_are_no_sentences() {
    String text = "word ".repeat(500);
    assertThat(Splitter.split(text, QWEN3, new Splitter.Size(30, 0)))
        .allSatisfy(part -> assertThat(part.of(text)).startsWith("word").endsWith(" "));
  }

  @Test
  void no_character_is_parted() {
    for (String one : List.of("😀", "👩🏽‍🚀", "e\u0301", "한", "\r\n", "𝔸")) {
      String text = one.repeat(400);
      for (Part part : Splitter.split(text, QWEN3, new Splitter.Size(48, 0))) {
        assertThat(part.start() % one.length()).as(one + " " + part).isZero();
      }
    }
  }

  @Test
  void a_character_longer_than_any_is_parted_all_the_same_but_no_pair() {
    String text = "a" + "\u0301".repeat(5_000) + "😀".repeat(5_000);
    List<Part> parts = Splitter.split(text, QWEN3, new Splitter.Size(16, 4));
    check(parts, text, QWEN3, new Splitter.Size(16, 4));
  }

  @Test
  void the_end_of_a_part_comes_again_at_the_start_of_the_next_by_about_the_overlap() {
    String text = "Number of it is told here. And so it goes on. ".repeat(300);
    List<Part> parts = Splitter.split(text, QWEN3, new Splitter.Size(200, 40));
    for (int i = 1; i < parts.size(); i++) {
      String twice = text.substring(parts.get(i).start(), parts.get(i - 1).end());
      assertThat(QWEN3.count(twice)).isBetween(20, 40);
      assertThat(twice).matches("(Number|And)(?s).*");
    }
  }

  @Test
  void without_an_overlap_no_character_is_in_two_parts() {
    String text = "Number of it is told here. And so it goes on. ".repeat(300);
    List<Part> parts = Splitter.split(text, QWEN3, new Splitter.Size(200, 0));
    for (int i = 1; i < parts.size(); i++) {
      assertThat(parts.get(i).start()).isEqualTo(parts.get(i - 1).end());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_the_text_no_part_is_too_large_and_nothing_is_left_out(long seed) {
    Random random = new Random(seed);
    String text = text(random);
    for (TokenCounter counter : List.of(QWEN3, ESTIMATE)) {
      for (int tokens : new int[] {16, 33, 150, 1_000}) {
        Splitter.Size size = new Splitter.Size(tokens, random.nextInt(tokens / 4 + 1));
        check(Splitter.split(text, counter, size), text, counter, size);
      }
    }
  }

  @Test
  void a_run_of_one_letter_as_long_as_a_book_is_split() {
    String text = "a".repeat(300_000);
    Splitter.Size size = new Splitter.Size(3_000, 200);
    check(Splitter.split(text, QWEN3, size), text, QWEN3, size);
  }

  /** What a linear cost means is that the counter is shown each character a few times at most. */
  @Test
  void each_character_is_counted_a_few_times_at_most() {
    String text =
        "A sentence that is neither long nor short, but one of very many. ".repeat(20_000);
    long[] shown = {0};
    TokenCounter counting =
        new TokenCounter() {
          @Override
          public int count(String part) {
            shown[0] += part.length();
            return ESTIMATE.count(part);
          }

          @Override
          public boolean exact() {
            return false;
          }
        };
    Splitter.split(text, counting, new Splitter.Size(3_000, 200));
    assertThat(shown[0]).isLessThan(4L * text.length());
  }

  private static void check(
      List<Part> parts, String text, TokenCounter counter, Splitter.Size size) {
    int done = 0;
    for (Part part : parts) {
      assertThat(part.tokens()).isEqualTo(counter.count(part.of(text))).isBetween(1, size.tokens());
      assertThat(part.start()).isLessThan(part.end());
      if (part.start() > done) {
        assertThat(text.substring(done, part.start())).isBlank();
      }
      assertThat(part.end()).isGreaterThan(done);
      assertThat(splitsPair(text, part.start()) || splitsPair(text, part.end())).isFalse();
      done = part.end();
    }
    assertThat(text.substring(done)).isBlank();
    assertThat(parts)
        .extracting(Part::index)
        .isEqualTo(IntStream.range(0, parts.size()).boxed().toList());
  }

  private static boolean splitsPair(String text, int place) {
    return place > 0
        && place < text.length()
        && Character.isSurrogatePair(text.charAt(place - 1), text.charAt(place));
  }

  /** Stretches of every kind of writing, and of none. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 12_000) {
      int length = 1 + random.nextInt(900);
      IntSupplier next =
          switch (random.nextInt(7)) {
            case 0 -> () -> "etaoin shrdlu. \n#".charAt(random.nextInt(17));
            case 1 -> () -> 0x4E00 + random.nextInt(0x5000);
            case 2 -> () -> 0x1F300 + random.nextInt(0x300);
            case 3 -> () -> 0x300 + random.nextInt(0x6F);
            case 4 -> () -> '0' + random.nextInt(10);
            case 5 -> () -> 0x10000 + random.nextInt(0x2000);
            default -> () -> 0x20 + random.nextInt(0x5F);
          };
      for (int i = 0; i < length; i++) {
        text.appendCodePoint(next.getAsInt());
      }
    }
    return text.toString();
  }
}
