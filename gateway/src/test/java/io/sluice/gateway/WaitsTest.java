package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.JobId;
import io.sluice.Leases.Lease;
import io.sluice.gateway.TestGateway.Answer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who waits for jobs takes a reader's place, and costs the store no more than one who waits. */
class WaitsTest {
  private TestGateway sluice;

  private void start(int perKeyMax) {
    sluice =
        new TestGateway(
            config ->
                config.limits(
                    config.limits().streams(TestGateway.streams(perKeyMax, 9_000, 9_000))));
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  private List<CompletableFuture<HttpResponse<String>>> waits(JobId id, int number) {
    List<CompletableFuture<HttpResponse<String>>> waits =
        Stream.generate(() -> sluice.request("GET", "/v1/jobs/" + id + "?wait=30", ""))
            .limit(number)
            .map(it -> sluice.client().sendAsync(it, HttpResponse.BodyHandlers.ofString()))
            .toList();
    await().until(() -> sluice.store.log.watching() == number);
    return waits;
  }

  private double readers() {
    return sluice.meters.get("sluice.gateway.readers").gauge().value();
  }

  @Test
  void a_key_may_wait_so_often_and_a_submission_that_cannot_wait_is_accepted_all_the_same() {
    start(2);
    JobId id = sluice.submit();
    List<CompletableFuture<HttpResponse<String>>> waits = waits(id, 2);
    Answer refused = sluice.get("/v1/jobs/" + id + "?wait=30");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("too_many_readers");
    assertThat(sluice.get("/v1/jobs/" + id).status()).isEqualTo(200);
    Answer submitted = sluice.post(chat("x"), "Prefer", "wait=30");
    assertThat(submitted.status()).isEqualTo(202);
    assertThat(submitted.header("Preference-Applied")).isEmpty();
    sluice.store.claim(id);
    sluice.store.finish(id, MemoryStore.completed("x"));
    waits.forEach(it -> assertThat(it.join().body()).contains("\"completed\""));
    await().until(() -> readers() == 0);
  }

  @Test
  void a_gateway_that_stops_answers_who_waits_with_the_job_as_it_stands() {
    start(10);
    JobId id = sluice.submit();
    var submitted =
        sluice
            .client()
            .sendAsync(
                sluice.request(
                    "POST",
                    "/v1/jobs",
                    chat("x"),
                    "Content-Type",
                    "application/json",
                    "Prefer",
                    "wait=60"),
                HttpResponse.BodyHandlers.ofString());
    await().until(() -> sluice.store.log.watching() == 1);
    var polled =
        sluice
            .client()
            .sendAsync(
                sluice.request("GET", "/v1/jobs/" + id + "?wait=60", ""),
                HttpResponse.BodyHandlers.ofString());
    await().until(() -> sluice.store.log.watching() == 2);

    io.sluice.Await.await(sluice.gateway.stop());

    assertThat(submitted.join().statusCode()).isEqualTo(202);
    assertThat(submitted.join().body()).contains("\"queued\"");
    assertThat(polled.join().statusCode()).isEqualTo(200);
    assertThat(polled.join().body()).contains(id.value());
    assertThat(sluice.store.log.watching()).isZero();
  }

  @Test
  void a_client_that_leaves_leaves_its_place() throws IOException {
    start(2);
    JobId id = sluice.submit();
    try (RawClient client = new RawClient(sluice)) {
      client.send(
          "GET /v1/jobs/%s?wait=30 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(id, sluice.key));
      await().until(() -> readers() == 1 && sluice.store.log.watching() == 1);
    }
    await().until(() -> readers() == 0 && sluice.store.log.watching() == 0);
  }

  @Test
  void a_hundred_who_wait_for_a_job_look_at_it_together_however_often_they_are_woken() {
    start(1_000);
    JobId id = sluice.submit();
    int before = sluice.store.finds.get();
    long begun = System.nanoTime();
    List<CompletableFuture<HttpResponse<String>>> waits = waits(id, 100);
    int joined = sluice.store.finds.get();
    long together = System.nanoTime();
    Lease lease = sluice.store.claim(id);
    for (int i = 0; i < 500; i++) {
      sluice.store.tokens(lease, i + 1, "x");
    }
    sluice.store.finish(id, MemoryStore.completed("x"));
    waits.forEach(it -> assertThat(it.join().body()).contains("\"completed\""));
    int after = sluice.store.finds.get() - joined;
    assertThat(after).isBetween(1, most(together));
    int looks = sluice.store.finds.get() - before - waits.size();
    // While they came one more than ten a second was seen; apart it would be fifty thousand.
    assertThat(looks).isBetween(1, most(begun) + 1);
  }

  /** How many looks there may have been since then. */
  private static int most(long begun) {
    return (int) Duration.ofNanos(System.nanoTime() - begun).dividedBy(Duration.ofMillis(100)) + 1;
  }
}
