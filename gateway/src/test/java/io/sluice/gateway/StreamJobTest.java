package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Await;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.Leases.Lease;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamJobTest {
  private static final Optional<String> START = Optional.empty();

  private final TestGateway sluice =
      new TestGateway(
          config ->
              config
                  .timing(TestGateway.timing(Duration.ofMillis(150)))
                  .limits(Bounds.DEFAULT.streams(TestGateway.streams(3, 4, 5))));

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_reader_sees_the_job_live_from_before_its_start_to_its_end() {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      Lease lease = sluice.store.claim(id);
      await().until(() -> reader.types().equals(List.of("start")));
      sluice.store.tokens(lease, 1, "Hel", "lo");
      await().until(() -> reader.events.size() == 3);
      sluice.store.finish(id, MemoryStore.completed("Hello"));
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("start", "token", "token", "end");
      assertThat(reader.events.get(0).data()).isEqualTo("{\"attempt\":1,\"reason\":\"started\"}");
      assertThat(reader.events.get(1).data()).isEqualTo("{\"text\":\"Hel\"}");
      assertThat(reader.events.get(1).id()).isEqualTo(lease.fence() + ".1");
      assertThat(Json.parse(reader.events.get(3).data()).path("output").path("text").asText())
          .isEqualTo("Hello");
      assertThat(reader.headers.get("content-type"))
          .containsExactly("text/event-stream; charset=utf-8");
      assertThat(reader.headers.get("x-accel-buffering")).containsExactly("no");
      assertThat(reader.headers.get("cache-control")).containsExactly("no-store");
    }
    await().until(() -> sluice.store.log.watching() == 0);
  }

  @Test
  void a_reader_that_is_cut_anywhere_gets_every_event_once_and_in_order() {
    JobId id = sluice.submit();
    Lease lost = sluice.store.claim(id);
    sluice.store.tokens(lost, 1, "a", "b", "c");
    Lease lease = sluice.store.claim(id);
    sluice.store.tokens(lease, 1, "x", "y", "z");
    sluice.store.finish(id, MemoryStore.completed("xyz"));
    List<SseReader.Event> all = read(id, START);
    assertThat(all)
        .extracting(SseReader.Event::type)
        .containsExactly(
            "start", "token", "token", "token", "reset", "token", "token", "token", "end");
    for (int cut = 0; cut < all.size() - 1; cut++) {
      List<SseReader.Event> joined = new ArrayList<>(all.subList(0, cut + 1));
      joined.addAll(read(id, Optional.of(all.get(cut).id())));
      assertThat(joined).as("cut after event %d", cut).isEqualTo(all);
    }
    Answer over = sluice.get("/v1/jobs/" + id + "/events", "Last-Event-ID", all.getLast().id());
    assertThat(over.status()).isEqualTo(204);
  }

  private List<SseReader.Event> read(JobId id, Optional<String> after) {
    try (SseReader reader = SseReader.open(sluice, id, after)) {
      await().until(() -> reader.ended);
      return List.copyOf(reader.events);
    }
  }

  @Test
  void the_header_goes_before_the_parameter_and_what_is_no_position_is_400() {
    JobId id = sluice.submit();
    sluice.store.claim(id);
    sluice.store.finish(id, MemoryStore.completed("x"));
    List<SseReader.Event> all = read(id, START);
    String path = "/v1/jobs/" + id + "/events?after=";
    assertThat(sluice.get(path + all.getFirst().id()).body()).contains("event: end");
    assertThat(sluice.get(path + "0.0", "Last-Event-ID", all.getLast().id()).status())
        .isEqualTo(204);
    assertThat(sluice.get(path + "x").status()).isEqualTo(400);
    assertThat(sluice.get(path, "Last-Event-ID", "1.-1").status()).isEqualTo(400);
  }

  @Test
  void a_silent_stream_gets_comments() {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      await().until(() -> reader.comments > 2);
    }
  }

  @Test
  void a_reader_gets_through_a_store_that_goes_away_and_comes_back() {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      Lease lease = sluice.store.claim(id);
      await().until(() -> reader.events.size() == 1);
      sluice.store.away = true;
      sluice.store.tokens(lease, 1, "kept");
      sluice.store.away = false;
      sluice.store.finish(id, MemoryStore.completed("kept"));
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("start", "token", "end");
    }
  }

  @Test
  void a_reader_gets_through_a_wipe_and_sees_the_new_start_as_a_reset() {
    JobId id = sluice.submit();
    JobMessage message =
        sluice.queue.in(new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0)).getFirst();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      sluice.store.tokens(sluice.store.claim(id), 1, "old");
      await().until(() -> reader.events.size() == 2);
      sluice.store.wipe();
      Answer asked = sluice.get("/v1/jobs/" + id + "/events");
      assertThat(asked.status()).isEqualTo(503);
      assertThat(asked.code()).isEqualTo("store_recovering");
      assertThat(asked.header("Retry-After")).isNotEmpty();
      Await.await(sluice.store.restore(message));
      sluice.store.tokens(sluice.store.claim(id), 1, "new");
      sluice.store.finish(id, MemoryStore.completed("new"));
      await().until(() -> reader.ended);
      assertThat(reader.types()).containsExactly("start", "token", "reset", "token", "end");
      assertThat(reader.events.get(3).data()).contains("new");
    }
  }

  @Test
  void a_reader_of_a_job_that_is_gone_for_good_is_sent_away() {
    JobId id = sluice.submit();
    try (SseReader reader = SseReader.open(sluice, id, START)) {
      sluice.store.wipe();
      Await.await(sluice.store.complete(null));
      await().until(() -> reader.ended);
      assertThat(reader.events).isEmpty();
    }
  }

  @Test
  void readers_are_bounded_per_key_and_in_total() {
    JobId id = sluice.submit();
    List<SseReader> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(SseReader.open(sluice, id, START));
    }
    Answer refused = sluice.get("/v1/jobs/" + id + "/events");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("too_many_readers");
    open.forEach(SseReader::close);
    await().until(() -> sluice.meters.get("sluice.gateway.readers").gauge().value() == 0);
    SseReader.open(sluice, id, START).close();
  }

  @Test
  void a_reader_that_never_reads_costs_no_memory() throws IOException {
    JobId id = sluice.submit();
    Lease lease = sluice.store.claim(id);
    String text = "x".repeat(10_000);
    try (Socket socket = new Socket("127.0.0.1", sluice.gateway.port())) {
      socket.setReceiveBufferSize(4 * 1024);
      socket
          .getOutputStream()
          .write(
              ("GET /v1/jobs/%s/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n")
                  .formatted(id, sluice.key)
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> sluice.store.log.watching() == 1);
      for (int i = 0; i < 5_000; i++) {
        sluice.store.tokens(lease, 1 + i, text);
      }
      AtomicInteger last = new AtomicInteger(-1);
      await()
          .during(Duration.ofMillis(500))
          .until(() -> last.getAndSet(sluice.store.log.eventsRead.get()) == last.get());
      assertThat(sluice.store.log.eventsRead.get())
          .as("of 5,000 events of 10 KB: what the sockets hold, and no more")
          .isBetween(1, 1_500);
      sluice.store.finish(id, MemoryStore.completed("end"));
    }
    await().until(() -> sluice.store.log.watching() == 0);
    assertThat(read(id, START)).hasSize(5_002);
  }
}
