package io.sluice.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonLineTest {
  @Test
  void a_line_has_nothing_at_which_a_reader_could_end_it_and_says_the_same() {
    var text =
        Json.object().put("text", "a\u0085b\u2028c\u2029d\n\r\u000b\u000c\u001c\u001d\u001e e");
    String line = Json.line(text);
    // Where Python's str.splitlines() and Unicode end a line.
    assertThat(line).doesNotContainPattern("[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]");
    assertThat(Json.parse(line)).isEqualTo(text);
  }

  @Test
  void what_needs_no_escape_has_none() {
    assertThat(Json.line(Json.object().put("text", "東京 🙂"))).isEqualTo("{\"text\":\"東京 🙂\"}");
  }
}
