package io.sluice.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void lines_end_in_any_of_three_ways(String end) throws IOException {
    String text = "id: 1.2\nevent: token\ndata: {}\n\ndata: x\n\n".replace("\n", end);
    assertThat(parse(text, ""))
        .containsExactly(
            new ServerSentEvent("1.2", "token", "{}"), new ServerSentEvent("1.2", "message", "x"));
  }

  @Test
  void comments_and_unknown_fields_are_skipped() throws IOException {
    assertThat(parse(": alive\n\nretry: 3\nfoo: bar\ndata\ndata:a\ndata:  b\n\n:\n", "7"))
        .containsExactly(new ServerSentEvent("7", "message", "\na\n b"));
  }

  @Test
  void an_event_that_was_cut_off_is_dropped() throws IOException {
    assertThat(parse("data: a\n\nid: 2\ndata: b\n", ""))
        .containsExactly(new ServerSentEvent("", "message", "a"));
    assertThat(parse("data: a", "")).isEmpty();
  }

  @Test
  void an_event_without_data_is_none_and_leaves_no_type_behind() throws IOException {
    assertThat(parse("event: token\n\ndata: a\n\n", ""))
        .containsExactly(new ServerSentEvent("", "message", "a"));
  }

  @Test
  void text_that_is_split_within_a_character_is_whole() throws IOException {
    byte[] bytes = "\uFEFFdata: é🌍\n\n".getBytes(StandardCharsets.UTF_8);
    InputStream trickle =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, 1));
          }
        };
    assertThat(new EventParser(trickle, "").next())
        .contains(new ServerSentEvent("", "message", "é🌍"));
  }

  private static List<ServerSentEvent> parse(String text, String lastId) throws IOException {
    EventParser parser =
        new EventParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), lastId);
    List<ServerSentEvent> events = new ArrayList<>();
    for (Optional<ServerSentEvent> event = parser.next();
        event.isPresent();
        event = parser.next()) {
      events.add(event.get());
    }
    return events;
  }
}
