package io.sluice.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TokenCounter;
import io.sluice.codec.Json;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class Qwen3TokensTest {
  private final TokenCounter tokens = new Qwen3Tokens();

  @Test
  void counts_as_the_published_tokenizer_does() {
    assertThat(tokens.count("")).isZero();
    assertThat(tokens.count("Hello, world!")).isEqualTo(4);
    assertThat(tokens.count("The quick brown fox jumps over the lazy dog.")).isEqualTo(10);
    assertThat(tokens.count("12345")).as("one token a digit").isEqualTo(5);
    assertThat(tokens.count("don't")).isEqualTo(2);
    assertThat(tokens.count("<|im_start|>")).as("ordinary text").isGreaterThan(1);
  }

  @Test
  void composed_and_decomposed_letters_count_the_same() {
    assertThat(tokens.count("caf\u0065\u0301")).isEqualTo(tokens.count("caf\u00e9"));
  }

  @Test
  void any_text_can_be_counted() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append((char) random.nextInt(0x10000));
    }
    assertThat(tokens.count(text.toString())).isGreaterThan(20_000 / 4);
  }

  @Test
  void long_runs_of_one_character_do_not_blow_up() {
    for (String unit : new String[] {"a", " ", "\n", "!", "7", "字", "😀", "\u0301"}) {
      assertThat(tokens.count(unit.repeat(300_000 / unit.length()))).as(unit).isPositive();
    }
  }

  @Test
  void slices_count_what_the_whole_text_counts() {
    Random random = new Random(11);
    String[] units = {"word", " ", "don't", "\n\n", "caf\u0065\u0301", "7", ", ", "字", "e\u0301 "};
    StringBuilder text = new StringBuilder();
    while (text.length() < 40 * Slices.LENGTH) {
      text.append(units[random.nextInt(units.length)]);
    }
    assertThat(Slices.count(tokens, text.toString(), Long.MAX_VALUE))
        .isEqualTo(tokens.count(text.toString()));
  }

  @Test
  void a_run_without_a_place_to_cut_counts_within_a_thousandth_of_what_it_has() {
    for (String unit : new String[] {"a", " ", "\n", "!", "ACGT", "字", "😀", "e\u0301"}) {
      String text = unit.repeat(20 * Slices.LENGTH / unit.length());
      double whole = tokens.count(text);
      assertThat((double) Slices.count(tokens, text, Long.MAX_VALUE))
          .as(unit)
          .isBetween(whole * 0.999, whole * 1.001 + 20);
    }
  }

  @Test
  void eight_megabytes_of_anything_are_refused_after_a_bounded_part_of_them() {
    AtomicLong counted = new AtomicLong();
    TokenCounter watched =
        new TokenCounter() {
          @Override
          public int count(String text) {
            counted.addAndGet(text.length());
            return tokens.count(text);
          }

          @Override
          public boolean exact() {
            return true;
          }
        };
    for (String unit :
        new String[] {"a", " ", "\n", "!", "7", "字", "😀", "\u0301", "some words "}) {
      String text = unit.repeat(8 * 1024 * 1024 / unit.length());
      assertThat(Slices.count(watched, text, 8_192)).as(unit).isGreaterThan(8_192);
    }
    assertThat(counted).hasValue(0);
    Slices.count(watched, "some words ".repeat(700_000), 100_000);
    assertThat(counted).as("of 7,700,000").hasValueLessThan(700_000);
  }

  @Test
  void no_token_is_longer_than_a_refusal_by_length_alone_relies_on() {
    assertThat(Vocabulary.read("qwen3.tiktoken.gz").ranks().keySet())
        .allSatisfy(
            token -> assertThat(token.length * 4).isLessThanOrEqualTo(Slices.CHARS_PER_TOKEN_MAX));
  }

  @Test
  void counting_stops_soon_after_its_bound() {
    String text = "some words ".repeat(200_000);
    assertThat(Slices.count(tokens, text, 1000)).isBetween(1001L, 40_000L);
  }

  @Test
  void a_chat_costs_its_texts_and_five_a_message_and_three() {
    var request =
        Json.parse(
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Hello, world!\"},"
                + "{\"role\":\"user\",\"content\":\"Hello, world!\"}]}");
    assertThat(RequestTokens.count(tokens, request, 100_000)).isEqualTo(2 * (4 + 5) + 3);
  }

  @Test
  void tools_and_system_count_too() {
    var bare = Json.parse("{\"prompt\":\"Hello, world!\"}");
    var full =
        Json.parse(
            "{\"prompt\":\"Hello, world!\",\"system\":\"Hello, world!\",\"tools\":[{\"a\":1}]}");
    assertThat(RequestTokens.count(tokens, bare, 100_000)).isEqualTo(4 + 5 + 3);
    assertThat(RequestTokens.count(tokens, full, 100_000)).isGreaterThan(2 * (4 + 5) + 3 + 100);
  }

  @Test
  void the_name_of_a_model_chooses_its_counter() {
    assertThat(TokenCounters.forModel("qwen3:14b").exact()).isTrue();
    assertThat(TokenCounters.forModel("qwen3").exact()).isTrue();
    assertThat(TokenCounters.forModel("Qwen/Qwen3-14B").exact()).isTrue();
    assertThat(TokenCounters.forModel("qwen3.5:9b").exact()).isFalse();
    assertThat(TokenCounters.forModel("llama3.2").exact()).isFalse();
  }

  @Test
  void an_estimate_takes_four_ascii_characters_or_one_other_for_a_token() {
    TokenCounter estimate = new EstimatedTokens();
    assertThat(estimate.count("")).isZero();
    assertThat(estimate.count("abcdefgh")).isEqualTo(2);
    assertThat(estimate.count("字字😀")).isEqualTo(3);
  }
}
