package io.sluice.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.LoggedEvent;
import io.sluice.gateway.responses.Numbered.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadingTest {
  private static final int ROUNDS = 400;

  static Stream<Long> seeds() {
    return IntStream.range(0, ROUNDS).mapToObj(Long::valueOf);
  }

  /** A client that adds up what it is sent, as the published ones do. */
  private static final class Client {
    private final List<Numbered> got = new ArrayList<>();
    private boolean over;
    private boolean broken;
    private long last = -1;

    /**
     * Comes when the log has {@code from} events, stays till it has {@code to}, is cut at {@code
     * most}.
     */
    void read(List<LoggedEvent> log, JobRecord ended, int from, int to, int most) {
      Reading reading = Reading.after(last, voids(log.subList(0, from), ended));
      int room = most;
      for (Numbered event : Logs.numbered(log.subList(0, to), ended)) {
        Optional<Numbered> sent = reading.next(event);
        if (reading.isBroken()) {
          broken = true;
          over = true;
          return;
        }
        if (sent.isPresent()) {
          if (room-- == 0) {
            return;
          }
          assertThat(sent.get().number()).isGreaterThan(last);
          last = sent.get().number();
          got.add(sent.get());
          over |= event.part() instanceof Part.Last;
        }
      }
    }

    /** What an event adds to an answer, its thoughts and its calls too. */
    private static String said(Numbered event) {
      return switch (event.part()) {
        case Part.Piece piece -> event.data().path("delta").asText();
        case Part.Mark(String what) -> "|" + what + "|";
        case Part.Opening opening -> "";
        case Part.Void annulment -> "";
        case Part.Last last -> ".";
      };
    }

    String all() {
      return got.stream().map(Client::said).collect(Collectors.joining());
    }

    String text(String type) {
      return got.stream()
          .map(Numbered::data)
          .filter(it -> it.path("type").asText().equals(type))
          .map(it -> it.path("delta").asText())
          .collect(Collectors.joining());
    }
  }

  private static List<Long> voids(List<LoggedEvent> log, JobRecord ended) {
    return Logs.numbered(log, ended).stream()
        .filter(it -> it.part() instanceof Part.Void)
        .map(Numbered::number)
        .toList();
  }

  /** Attempts of few letters, so that some go on where others stopped and some do not. */
  private static Logs attempts(Random random, int attempts) {
    Logs log = new Logs().start();
    for (int i = 0; i < attempts; i++) {
      if (i > 0) {
        log.reset("worker_lost");
      }
      pieces(random).forEach(log::thinking);
      pieces(random).forEach(log::text);
      if (random.nextInt(4) == 0) {
        log.call("{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}");
      }
    }
    return log.end(JobState.COMPLETED);
  }

  private static List<String> pieces(Random random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> "a".repeat(1 + random.nextInt(2)) + (random.nextInt(8) == 0 ? "b" : ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_reader_that_is_cut_anywhere_gets_what_is_missing_and_nothing_else(long seed) {
    Random random = new Random(seed);
    Logs log = attempts(random, 1);
    JobRecord ended = log.completed();
    List<Numbered> all = Logs.numbered(log.events(), ended);
    Client client = readBitByBit(random, log, ended);
    assertThat(client.broken).isFalse();
    assertThat(client.got).isEqualTo(all);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void after_lost_workers_a_reader_has_the_last_answer_whole_or_is_told_that_it_has_another(
      long seed) {
    Random random = new Random(seed);
    Logs log = attempts(random, 1 + random.nextInt(3));
    JobRecord ended = log.completed();
    Client client = readBitByBit(random, log, ended);
    String text = ended.ending().orElseThrow().output().text();
    String thinking = ended.ending().orElseThrow().output().thinking().orElse("");
    if (client.broken) {
      assertThat(later(log, client.last)).anyMatch(attempt -> !attempt.startsWith(client.all()));
    } else {
      assertThat(client.text("response.output_text.delta")).isEqualTo(text);
      assertThat(client.text("response.reasoning_text.delta")).isEqualTo(thinking);
      assertThat(items(client.got, "added")).isEqualTo(items(client.got, "done"));
    }
    Client late = new Client();
    late.read(log.events(), ended, log.events().size(), log.events().size(), Integer.MAX_VALUE);
    assertThat(late.broken).isFalse();
    assertThat(late.text("response.output_text.delta")).isEqualTo(text);
    assertThat(late.text("response.reasoning_text.delta")).isEqualTo(thinking);
  }

  /** A log that grows while a client comes, is cut off, and comes again. */
  private static Client readBitByBit(Random random, Logs log, JobRecord ended) {
    Client client = new Client();
    int has = 0;
    while (!client.over) {
      int from = Math.min(log.events().size(), has + random.nextInt(3));
      has = Math.min(log.events().size(), from + random.nextInt(3));
      client.read(log.events(), ended, from, has, random.nextInt(9));
    }
    return client;
  }

  /** What the attempts put out that came after the one with this number. */
  private static List<String> later(Logs log, long number) {
    List<String> attempts = new ArrayList<>();
    boolean later = false;
    for (Numbered event : Logs.numbered(log.events(), log.completed())) {
      if (event.part() instanceof Part.Void && event.number() > number) {
        attempts.add("");
        later = true;
      } else if (later) {
        attempts.add(attempts.removeLast() + Client.said(event));
      }
    }
    return attempts;
  }

  private static List<String> items(List<Numbered> events, String what) {
    return events.stream()
        .map(Numbered::data)
        .filter(it -> it.path("type").asText().equals("response.output_item." + what))
        .map(it -> it.at("/item/id").asText())
        .toList();
  }

  @Test
  void a_new_attempt_that_begins_with_what_was_shown_goes_on_behind_it() {
    Logs log = new Logs().start().text("Hel").reset("worker_lost").text("H", "ello", "!");
    log.end(JobState.COMPLETED);
    Client client = new Client();
    client.read(log.events(), log.completed(), 2, log.events().size(), Integer.MAX_VALUE);
    assertThat(client.text("response.output_text.delta")).isEqualTo("Hello!");
    List<JsonNode> deltas =
        client.got.stream()
            .<JsonNode>map(Numbered::data)
            .filter(it -> it.path("type").asText().equals("response.output_text.delta"))
            .toList();
    assertThat(deltas)
        .extracting(it -> it.path("delta").asText())
        .containsExactly("Hel", "lo", "!");
  }

  @Test
  void another_text_breaks_the_reader_off_and_so_it_does_when_it_comes_back() {
    Logs log = new Logs().start().text("Hel").reset("worker_lost").text("Hi");
    log.end(JobState.COMPLETED);
    Client client = new Client();
    client.read(log.events(), log.completed(), 2, log.events().size(), Integer.MAX_VALUE);
    assertThat(client.broken).isTrue();
    assertThat(client.text("response.output_text.delta")).isEqualTo("Hel");
    for (long told : new long[] {client.last, voids(log.events(), log.completed()).getLast()}) {
      Client again = new Client();
      again.last = told;
      again.read(log.events(), log.completed(), 5, 5, Integer.MAX_VALUE);
      assertThat(again.broken).isTrue();
      assertThat(again.got).isEmpty();
    }
  }

  @Test
  void a_shorter_answer_breaks_the_reader_off() {
    Logs log = new Logs().start().text("Hello").reset("worker_lost").text("Hel");
    log.end(JobState.COMPLETED);
    Client client = new Client();
    client.read(log.events(), log.completed(), 2, log.events().size(), Integer.MAX_VALUE);
    assertThat(client.broken).isTrue();
  }

  @Test
  void who_read_a_log_that_is_lost_is_told_so_when_it_comes_back() {
    Logs log = new Logs().start().text("a", "b", "c");
    long old = Logs.numbered(log.events(), Logs.queued()).getLast().number();
    log.lost().reset("store_lost").text("a", "b", "c", "d").end(JobState.COMPLETED);
    long begun = voids(log.events(), log.completed()).getLast();
    for (long told : new long[] {3, old, begun}) {
      Client client = new Client();
      client.last = told;
      client.read(log.events(), log.completed(), 6, 6, Integer.MAX_VALUE);
      assertThat(client.broken).as("at " + told).isTrue();
    }
    Client opened = new Client();
    opened.last = 2;
    opened.read(log.events(), log.completed(), 6, 6, Integer.MAX_VALUE);
    assertThat(opened.text("response.output_text.delta")).isEqualTo("abcd");
  }

  @Test
  void the_generator_makes_both_kinds_of_endings() {
    SplittableRandom random = new SplittableRandom(1);
    int broken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Logs log = attempts(new Random(random.nextLong()), 2);
      Client client = new Client();
      client.read(log.events(), log.completed(), 0, log.events().size(), Integer.MAX_VALUE);
      broken += client.broken ? 1 : 0;
    }
    assertThat(broken).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }
}
