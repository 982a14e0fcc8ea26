package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.Lane;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All calls that a request makes of slow ports have one time between them. */
class RequestTimeTest {
  private static final Lane READY = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0);

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void calls_that_are_each_in_time_and_together_too_long_are_503() {
    JobId id = sluice.submit();
    sluice.store.slowness = Duration.ofMillis(500);
    assertThat(sluice.get("/v1/jobs/" + id).status()).as("one call").isEqualTo(200);
    assertThat(sluice.get("/v1/jobs").status()).as("the next request begins anew").isEqualTo(200);
    sluice.store.slowness = Duration.ofMillis(900);
    Answer two = sluice.delete("/v1/jobs/" + id);
    assertThat(two.status()).isEqualTo(503);
    assertThat(two.code()).isEqualTo("store_unavailable");
    assertThat(two.header("Retry-After")).isNotEmpty();
  }

  @Test
  void a_submission_whose_admission_comes_too_late_is_503_never_published_and_soon_undone() {
    sluice.store.slowness = Duration.ofMillis(2_500);
    Answer answer = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("store_unavailable");
    assertThat(answer.body()).contains("No job runs for this request");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sluice.store.all().isEmpty());
    assertThat(sluice.queue.in(READY)).isEmpty();

    sluice.store.slowness = Duration.ZERO;
    Answer again = sluice.post(chat("hi"), "Idempotency-Key", "k1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("Idempotent-Replayed")).isEmpty();
  }

  @Test
  void a_long_poll_is_not_held_to_the_time_of_a_request() {
    JobId id = sluice.submit();
    sluice.store.slowness = Duration.ofMillis(900);
    assertThat(sluice.get("/v1/jobs/" + id + "?wait=4").status()).isEqualTo(200);
  }
}
