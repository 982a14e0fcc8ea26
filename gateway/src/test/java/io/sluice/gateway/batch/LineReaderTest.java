package io.sluice.gateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static List<InputLine> read(String text, int lineBytesMax) {
    return read(text.getBytes(StandardCharsets.UTF_8), lineBytesMax);
  }

  private static List<InputLine> read(byte[] bytes, int lineBytesMax) {
    List<InputLine> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(new ByteArrayInputStream(bytes), lineBytesMax)) {
      for (Optional<InputLine> it = reader.next(); it.isPresent(); it = reader.next()) {
        lines.add(it.get());
      }
    }
    return lines;
  }

  private static List<String> texts(List<InputLine> lines) {
    return lines.stream().map(it -> new String(it.text(), StandardCharsets.UTF_8)).toList();
  }

  @Test
  void lines_end_with_either_end_and_the_last_one_with_the_file() {
    List<InputLine> lines = read("one\r\ntwo\nthree", 100);
    assertThat(texts(lines)).containsExactly("one", "two", "three");
    assertThat(lines).extracting(InputLine::offset).containsExactly(0L, 5L, 9L);
    assertThat(lines).extracting(InputLine::number).containsExactly(1, 2, 3);
    assertThat(lines).extracting(InputLine::bytes).containsExactly(3, 3, 5);
  }

  @Test
  void blank_lines_are_passed_over_and_counted() {
    List<InputLine> lines = read("\n one\n \t\r\n\ntwo\n\n", 100);
    assertThat(texts(lines)).containsExactly(" one", "two");
    assertThat(lines).extracting(InputLine::number).containsExactly(2, 5);
    assertThat(read("", 100)).isEmpty();
    assertThat(read("\n\n", 100)).isEmpty();
  }

  @Test
  void a_byte_order_mark_is_passed_over_at_the_beginning_alone() {
    List<InputLine> lines = read("\ufeffone\n\ufefftwo", 100);
    assertThat(texts(lines)).containsExactly("one", "\ufefftwo");
    assertThat(lines).extracting(InputLine::offset).containsExactly(3L, 7L);
  }

  @Test
  void a_line_that_is_too_long_is_cut_and_the_next_one_is_whole() {
    List<InputLine> lines = read("12345\r\n123456\r\n" + "x".repeat(300_000) + "\nend", 5);
    assertThat(lines).extracting(InputLine::isWhole).containsExactly(true, false, false, true);
    assertThat(lines).extracting(InputLine::bytes).containsExactly(5, 6, 300_000, 3);
    assertThat(lines).allMatch(it -> it.text().length <= 5);
    assertThat(texts(lines).getLast()).isEqualTo("end");
  }

  @Test
  void lines_across_the_ends_of_buffers_are_whole_and_where_they_are_said_to_be() {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      String line = i + ":" + "y".repeat(i % 97);
      expected.add(line);
      text.append(line).append(i % 2 == 0 ? "\n" : "\r\n");
    }
    List<InputLine> lines = read(text.toString(), 1_000);
    assertThat(texts(lines)).isEqualTo(expected);
    assertThat(lines)
        .allMatch(
            it ->
                text.substring((int) it.offset(), (int) it.offset() + it.bytes())
                    .equals(new String(it.text(), StandardCharsets.UTF_8)));
  }
}
