package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultFileTest {
  private static final String TWO = "{\"seq\":1,\"a\":\"ä\"}\n{\"seq\":2}\n";
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"seq\":3,\"te", "{\"seq\":3}", "\0\0\0\0", "\0\0\n"})
  void a_torn_last_line_is_taken_away_and_the_next_one_follows(String torn) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), TWO + torn);
    try (ResultFile opened = ResultFile.resumed(file)) {
      assertThat(opened.last()).isEqualTo(2);
      opened.add(3, "{\"seq\":3}");
    }
    assertThat(Files.readString(file)).isEqualTo(TWO + "{\"seq\":3}\n");
  }

  @Test
  void a_file_with_nothing_but_a_torn_line_begins_anew() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "{\"seq\":1,\"te");
    try (ResultFile opened = ResultFile.resumed(file)) {
      assertThat(opened.last()).isZero();
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void a_line_that_is_longer_than_what_is_read_at_once_is_found() throws IOException {
    String line = "{\"seq\":7,\"text\":\"" + "x".repeat(200_000) + "\"}\n";
    Path file = Files.writeString(folder.resolve("f"), TWO + line + "y".repeat(100_000));
    try (ResultFile opened = ResultFile.resumed(file)) {
      assertThat(opened.last()).isEqualTo(7);
    }
    assertThat(Files.readString(file)).isEqualTo(TWO + line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a list of mine", "{\"a\":1}", "{\"a\":1}\n", "one\ntwo\n", "[1]\n"})
  void a_file_of_something_else_is_left_as_it_is(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), text);
    assertThatThrownBy(() -> ResultFile.resumed(file)).isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> ResultFile.fresh(file)).isInstanceOf(Refusal.class);
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void two_never_write_to_the_same_file() {
    Path file = folder.resolve("f");
    try (ResultFile first = ResultFile.fresh(file)) {
      assertThatThrownBy(() -> ResultFile.resumed(file)).hasMessageContaining("another sluice");
      first.add(1, "{\"seq\":1}");
    }
    ResultFile.resumed(file).close();
  }
}
