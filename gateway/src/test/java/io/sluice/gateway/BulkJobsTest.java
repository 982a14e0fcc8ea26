package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Output;
import io.sluice.Tenant;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.bulk.JobGroup;
import io.sluice.gateway.bulk.JobGroup.Ask;
import io.sluice.gateway.bulk.JobGroup.Result;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs of batches and pipelines on the embedded store, a worker played by hand beside it. */
class BulkJobsTest {
  private static final Instant LATER =
      Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<Result> results = new ConcurrentLinkedQueue<>();
  private Embedded embedded;
  private Gateway gateway;
  private Caller caller;

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
    caller = Caller.of(ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now()).key());
    gateway = EmbeddedGateway.start(vertx, embedded);
  }

  @AfterEach
  void close() {
    await(gateway.stop());
    embedded.close();
    await(vertx.close());
  }

  private JobGroup group() {
    return group(LATER);
  }

  private JobGroup group(Instant until) {
    return gateway.bulk().group(new JobGroup.Terms("batch_1", caller, until));
  }

  private static Ask ask(String name) {
    return ask(name, "qwen3:14b");
  }

  private static Ask ask(String name, String model) {
    ObjectNode body = Json.object().put("model", model).put("kind", "chat");
    body.putArray("messages").addObject().put("role", "user").put("content", "piece " + name);
    return new Ask(name, body, Optional.empty(), 100);
  }

  private Optional<Delivery> pulled() {
    return IntStream.range(0, Lane.NUMBERS)
        .mapToObj(n -> new Lane.Ready(TestGateway.POOL, JobClass.BATCH, n))
        .map(lane -> await(embedded.queue().pull(lane)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Delivery pull() {
    return await("a job in the queue").until(this::pulled, Optional::isPresent).orElseThrow();
  }

  private JobId answer(String text) {
    Delivery delivery = pull();
    Claim claim =
        await(
            embedded
                .leases()
                .claim(
                    new Leases.Request(
                        delivery.message(), "worker", UUID.randomUUID().toString(), false)));
    Ending ending =
        new Ending.Completed(
            new Output(text, Optional.empty(), List.of(), Optional.empty(), List.of()),
            new Usage(9, 4));
    await(embedded.leases().finish(((Claim.Granted) claim).lease(), ending));
    await(delivery.done());
    return delivery.message().job().id();
  }

  private Result only() {
    return await().until(results::poll, it -> it != null);
  }

  private static JobId ended(Result result) {
    return ((Result.Ended) result).record().id();
  }

  @Test
  void a_piece_becomes_a_batch_job_that_may_wait_as_long_as_the_undertaking() throws Exception {
    try (JobGroup group = group()) {
      group.begin(ask("1"), results::add);
      JobId id = answer("done");
      Result.Ended result = (Result.Ended) only();
      group.await();

      assertThat(result.record().id()).isEqualTo(id);
      assertThat(result.record().state()).isEqualTo(JobState.COMPLETED);
      assertThat(result.record().job().jobClass()).isEqualTo(JobClass.BATCH);
      assertThat(result.record().job().startBy()).isEqualTo(LATER);
      assertThat(result.record().job().finishBy()).isAfter(LATER);
      assertThat(result.record().job().timeout()).isEqualTo(Duration.ofMinutes(10));
    }
  }

  @Test
  void who_asks_for_a_piece_again_gets_the_job_that_there_is() throws Exception {
    try (JobGroup killed = group()) {
      killed.begin(ask("1"), results::add);
      await().until(() -> pulledAgain());
    }
    try (JobGroup next = group()) {
      next.begin(ask("1"), results::add);
      JobId first = answer("done");
      assertThat(ended(only())).isEqualTo(first);
      next.begin(ask("1"), results::add);
      assertThat(ended(only())).isEqualTo(first);
      assertThat(pulled()).isEmpty();
    }
  }

  /** Whether a job is in the queue; it is given back. */
  private boolean pulledAgain() {
    Optional<Delivery> delivery = pulled();
    delivery.ifPresent(it -> await(it.release()));
    return delivery.isPresent();
  }

  @Test
  void what_cannot_be_a_job_is_refused_with_its_problem() throws Exception {
    try (JobGroup group = group()) {
      Result.Refused refused = (Result.Refused) group.run(ask("1", "unknown"));
      assertThat(refused.problem().code()).isEqualTo(ProblemCode.MODEL_NOT_FOUND);
    }
  }

  @Test
  void a_name_stands_for_one_request() throws Exception {
    try (JobGroup group = group()) {
      group.begin(ask("1"), results::add);
      answer("done");
      only();
      Ask other = new Ask("1", ask("2").body(), Optional.empty(), 100);
      Result.Refused refused = (Result.Refused) group.run(other);
      assertThat(refused.problem().code()).isEqualTo(ProblemCode.IDEMPOTENCY_KEY_REUSED);
    }
  }

  @Test
  void a_limit_that_is_reached_is_waited_out() throws Exception {
    await(
        embedded
            .tenants()
            .put(
                new Tenant(
                    "default", new Limits(Map.of(Limit.TENANT_WAITING_JOBS, 1L), Set.of()))));
    try (JobGroup group = group()) {
      group.begin(ask("1"), results::add);
      await().until(this::pulledAgain);
      group.begin(ask("2"), results::add);
      Set<JobId> ids = Set.of(answer("one"), answer("two"));
      assertThat(Set.of(ended(only()), ended(only()))).isEqualTo(ids);
    }
  }

  @Test
  void after_its_time_a_piece_becomes_no_job() throws Exception {
    try (JobGroup group = group(Instant.now().minusSeconds(1))) {
      assertThat(group.run(ask("1"))).isEqualTo(new Result.TooLate());
      assertThat(pulled()).isEmpty();
    }
  }

  @Test
  void cancelling_ends_those_that_wait_and_takes_no_more() throws Exception {
    try (JobGroup group = group()) {
      group.begin(ask("1"), results::add);
      await().until(this::pulledAgain);
      group.cancel();
      assertThat(((Result.Ended) only()).record().state()).isEqualTo(JobState.CANCELLED);
      assertThat(group.run(ask("2"))).isEqualTo(new Result.Cancelled());
    }
  }

  @Test
  void what_another_left_running_is_asked_to_end_when_it_is_cancelled() throws Exception {
    JobGroup before = group();
    before.begin(ask("1"), results::add);
    await().until(this::pulledAgain);
    before.close();
    try (JobGroup next = group()) {
      next.cancel();
      assertThat(next.run(ask("2"))).isEqualTo(new Result.Cancelled());
      Result.Ended left = (Result.Ended) next.run(ask("1"));
      assertThat(left.record().state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void what_a_result_is_used_for_may_stop_the_group() throws Exception {
    try (JobGroup group = group()) {
      group.begin(
          ask("1", "unknown"),
          refused -> {
            throw new IllegalStateException("for a test");
          });
      assertThatThrownBy(group::await).hasMessage("for a test");
      assertThatThrownBy(() -> group.run(ask("2"))).hasMessage("for a test");
    }
  }

  @Test
  void no_more_are_under_way_than_there_are_places() throws Exception {
    try (JobGroup group = group()) {
      Thread filling =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i <= JobGroup.JOBS_MAX; i++) {
                        group.begin(ask("" + i), results::add);
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      await("all places are taken").until(() -> waiting() == JobGroup.JOBS_MAX);
      assertThat(filling.isAlive()).isTrue();
      answer("done");
      assertThat(filling.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private int waiting() {
    String next = null;
    int queued = 0;
    do {
      JobStore.Page page =
          await(
              embedded
                  .store()
                  .list(
                      new JobStore.Query(
                          "default",
                          Optional.of(JobState.QUEUED),
                          Optional.ofNullable(next).map(JobId::new),
                          100)));
      queued += page.jobs().size();
      next = page.next().map(JobId::value).orElse(null);
    } while (next != null);
    return queued;
  }
}
