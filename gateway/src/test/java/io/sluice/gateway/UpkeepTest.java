package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobMessage;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a gateway does by itself, on a clock that the test moves. */
class UpkeepTest {
  private static final Lane.Ready READY = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0);

  /** Where a ready lane's messages are after a walk: whose lanes are whose was lost too. */
  private static final Lane.Ready SHARED =
      new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, Lane.shared("default"));

  private static final Lane.Retry RETRY = new Lane.Retry(TestGateway.POOL, JobClass.INTERACTIVE);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
  private TestGateway sluice = new TestGateway(UnaryOperator.identity(), now::get);

  @AfterEach
  void close() {
    sluice.close();
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private String state(JobId id) {
    return sluice.get("/v1/jobs/" + id).json().path("state").asText();
  }

  @Test
  void a_job_that_waited_too_long_expires() {
    JobId id = sluice.submit();
    pass(Duration.ofMinutes(11));
    await().until(() -> state(id).equals("expired"));
    assertThat(sluice.told).contains("ended expired");
  }

  @Test
  void nothing_is_ended_until_two_leases_after_a_start() {
    sluice.close();
    sluice = new TestGateway(config -> config.timing(Timing.DEFAULT), now::get);
    String brief = TestGateway.chat("hi").replace("{\"model", "{\"queue_timeout\":\"1s\",\"model");
    JobId id = new JobId(sluice.post(brief).json().path("id").asText());
    pass(Duration.ofSeconds(5));
    await().during(Duration.ofMillis(2_500)).until(() -> state(id).equals("queued"));
    pass(Duration.ofSeconds(31));
    await().until(() -> state(id).equals("expired"));
  }

  @Test
  void a_poisoned_message_ends_its_job_as_failed_and_is_laid_aside() {
    JobId id = sluice.submit();
    sluice.queue.add(Lane.Aside.POISON, sluice.queue.in(READY).getFirst());
    await().atMost(Duration.ofSeconds(20)).until(() -> state(id).equals("failed"));
    await().until(() -> sluice.queue.dead.size() == 1);
    assertThat(sluice.queue.dead.getFirst()).startsWith(id.value()).contains("poison");
    assertThat(sluice.get("/v1/jobs/" + id).json().path("error").path("code").asText())
        .isEqualTo("poison");
  }

  @Test
  void a_poisoned_message_whose_record_was_lost_still_ends_its_job() {
    Job lost = Jobs.chat(now.get()).job();
    sluice.queue.add(Lane.Aside.POISON, new JobMessage(lost, 3));
    await().atMost(Duration.ofSeconds(20)).until(() -> sluice.queue.dead.size() == 1);
    assertThat(state(lost.id())).isEqualTo("failed");
  }

  @Test
  void a_poisoned_message_that_could_not_be_laid_aside_is_tried_again() {
    sluice.queue.deadToFail = 1;
    JobId id = sluice.submit();
    sluice.queue.add(Lane.Aside.POISON, sluice.queue.in(READY).getFirst());
    await().atMost(Duration.ofSeconds(20)).until(() -> sluice.queue.dead.size() == 1);
    assertThat(sluice.queue.dead.getFirst()).startsWith(id.value());
  }

  @Test
  void a_walk_keeps_what_it_cannot_publish_since_giving_back_would_make_it_poison() {
    JobId id = sluice.submit();
    sluice.queue.publishing = MemoryQueue.Publishing.AWAY;
    pass(Duration.ofMillis(5));
    sluice.store.wipe();
    await().atMost(Duration.ofSeconds(20)).until(() -> sluice.queue.in(READY).isEmpty());
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(10))
        .until(() -> sluice.queue.released.get() == 0 && sluice.queue.in(READY).isEmpty());
    sluice.queue.publishing = MemoryQueue.Publishing.CONFIRMS;
    await().atMost(Duration.ofSeconds(20)).until(() -> sluice.queue.in(SHARED).size() == 1);
    assertThat(sluice.queue.in(SHARED).getFirst().job().id()).isEqualTo(id);
  }

  @Test
  void a_message_on_the_ladder_of_a_pool_that_this_gateway_does_not_serve_keeps_nobody_waiting() {
    Job foreign = Jobs.chat(now.get()).pool(Pool.parse("elsewhere:1b")).job();
    sluice.queue.add(Lane.Delay.ONE_MINUTE, new JobMessage(foreign, 2));
    pass(Duration.ofMillis(5));
    sluice.store.wipe();
    JobId unknown = JobId.at(now.get().minusSeconds(1));
    await().atMost(Duration.ofSeconds(20)).until(() -> state(foreign.id()).equals("queued"));
    pass(Duration.ofSeconds(31));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sluice.get("/v1/jobs/" + unknown).status() == 404);
    assertThat(sluice.queue.released.get()).isPositive();
  }

  @Test
  void what_waits_though_nobody_offered_it_is_found_by_the_elected_gateway_alone() {
    Lane far = Lane.of(TestGateway.POOL).getLast();
    sluice.queue.add(far, new JobMessage(Jobs.chat(now.get()).job(), 0));
    await().during(Duration.ofSeconds(1)).until(() -> !sluice.offered.contains(far));
    sluice.elections.holder = "test";
    pass(Duration.ofSeconds(3));
    await().atMost(Duration.ofSeconds(30)).until(() -> sluice.offered.contains(far));
    assertThat(sluice.offered).as("lanes that hold nothing").containsOnly(far);
    TestGateway left = sluice;
    left.close();
    sluice = new TestGateway(UnaryOperator.identity(), now::get);
    assertThat(left.elections.holder).as("who sweeps after it left").isEqualTo("nobody");
  }

  @Test
  void a_lane_that_cannot_be_looked_into_does_not_hide_the_others() {
    Lane far = Lane.of(TestGateway.POOL).getLast();
    sluice.queue.unseen = Optional.of(Lane.of(TestGateway.POOL).get(1));
    sluice.queue.add(far, new JobMessage(Jobs.chat(now.get()).job(), 0));
    sluice.elections.holder = "test";
    pass(Duration.ofSeconds(3));
    await().atMost(Duration.ofSeconds(30)).until(() -> sluice.offered.contains(far));
  }

  @Test
  void a_store_that_lost_everything_is_rebuilt_from_the_lanes_and_readers_never_get_404() {
    List<JobId> queued = List.of(sluice.submit(), sluice.submit(), sluice.submit());
    Job retried = Jobs.chat(now.get()).job();
    Job delayed = Jobs.chat(now.get()).job();
    sluice.queue.add(RETRY, new JobMessage(retried, 1));
    sluice.queue.add(Lane.Delay.ONE_MINUTE, new JobMessage(delayed, 2));
    pass(Duration.ofMillis(5));
    sluice.store.wipe();
    for (JobId id : queued) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                Answer answer = sluice.get("/v1/jobs/" + id);
                assertThat(answer.status()).isIn(200, 503);
                return answer.status() == 200;
              });
    }
    await().until(() -> sluice.queue.in(RETRY).size() == 2);
    assertThat(sluice.queue.in(SHARED))
        .extracting(message -> message.job().id())
        .containsExactlyElementsOf(queued);
    assertThat(sluice.queue.in(RETRY))
        .extracting(message -> message.job().id())
        .containsExactlyInAnyOrder(retried.id(), delayed.id());
    JobId unknown = JobId.at(now.get().minusSeconds(1));
    assertThat(sluice.get("/v1/jobs/" + unknown).status()).isEqualTo(503);
    pass(Duration.ofSeconds(31));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sluice.get("/v1/jobs/" + unknown).status() == 404);
    assertThat(sluice.store.all()).extracting(r -> r.state()).containsOnly(JobState.QUEUED);
  }
}
