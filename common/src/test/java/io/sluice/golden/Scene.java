package io.sluice.golden;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Grant;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.JobMessage;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Leases.Lease;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Pool;
import io.sluice.Position;
import io.sluice.RetryPolicy;
import io.sluice.Tenant;
import io.sluice.Timings;
import io.sluice.TokenKey;
import io.sluice.Usage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Jobs in every state, and who may come in, as one version leaves them in a store; and what another
 * version that finds them there can do with them.
 */
public final class Scene {
  /** When it plays: so late that nothing in it has ended by any clock of today. */
  public static final Instant TIME = Instant.parse("2100-01-01T00:00:00Z");

  public static final Pool POOL = Pool.parse("qwen3:14b@16k");

  private static final String WORKER = "gpu-1-0a1b2c3d";
  private static final Failure BUSY = new Failure(FailureCode.ENGINE_BUSY, "busy");
  private static final Failure BAD = new Failure(FailureCode.INVALID_REQUEST, "no such option");
  private static final Limits LIMITS =
      new Limits(
          Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 600L, Limit.TENANT_TOKENS_PER_DAY, 1_000_000L),
          Set.of());
  private static final String LOGPROBS = "[{\"token\":\"hé\",\"logprob\":-0.25}]";
  private static final Output OUTPUT =
      new Output(
          "héllo 🌍",
          Optional.of("hm"),
          List.of("{\"function\":{\"name\":\"f\"}}"),
          Optional.of(LOGPROBS));
  private static final Usage USAGE =
      new Usage(12, 42)
          .with(
              new Timings(
                  Optional.of(Duration.ofNanos(4_000_000_001L)),
                  Optional.of(Duration.ofNanos(1_000_000)),
                  Optional.of(Duration.ofNanos(250_000_000)),
                  Optional.of(Duration.ofNanos(3_700_000_001L))));

  public static final Job WAITING = job(1);
  private static final Job UNPUBLISHED = job(2);
  private static final Job RUNNING = job(3);
  private static final Job REQUEUED = job(4);
  private static final Job COMPLETED = job(5);
  private static final Job CANCELLED = job(6);
  private static final Job FAILED = job(7);
  private static final Job CANCELLING = job(8);

  private static final ApiKey KEY =
      ApiKey.of("key7", "acme", "00ff", Set.of("batch"), TIME)
          .from(List.of("10.0.0.0/8"))
          .until(TIME.plus(Duration.ofDays(90)));
  private static final Tenant TENANT = new Tenant("acme", LIMITS, 3);
  private static final Grant GRANT =
      new Grant(
          "grant1",
          "acme",
          "key7",
          Set.of("ollama:chat"),
          Optional.of("chat-1"),
          TIME,
          TIME.plus(Duration.ofDays(30)),
          Duration.ofDays(7));
  private static final TokenKey TOKEN_KEY =
      new TokenKey(
          "kid1",
          TokenKey.Use.TENANT,
          "HS256",
          Optional.of("acme"),
          "c2VhbGVk",
          Optional.empty(),
          TIME,
          TIME,
          TIME.plus(Duration.ofDays(365)),
          Optional.empty());

  private Scene() {}

  /** A job with every part that there is. */
  public static Job job(int number) {
    return new Job(
        new JobId("job_0190a2b3c4d57e6f8a9b0c1d2e3f4a0" + number),
        "acme",
        "key7",
        Optional.of("chat-1"),
        JobKind.GENERATE,
        POOL,
        JobClass.INTERACTIVE,
        "{\"prompt\":\"héllo \\u0000 🌍\"}",
        12,
        256,
        TIME,
        TIME.plus(Duration.ofMinutes(10)),
        TIME.plus(Duration.ofMinutes(21)),
        Duration.ofSeconds(90),
        RetryPolicy.DEFAULT,
        Map.of("a", "b"),
        Optional.of(URI.create("https://example.com/hook")),
        Optional.of(new Idempotency("k" + number, "f")),
        Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  }

  /** Leaves it in a store, at {@link #TIME}. */
  public static void play(Stores in) {
    for (int n = 1; n <= 8; n++) {
      assertThat(await(in.admission().admit(new Admission.Entry(job(n), LIMITS))))
          .isInstanceOf(Admission.Decision.Admitted.class);
      if (n != 2) {
        await(in.admission().published(List.of(job(n).id())));
      }
    }
    write(in, claim(in, RUNNING));
    Lease requeued = claim(in, REQUEUED);
    await(in.leases().requeue(requeued, TIME.plusSeconds(5), BUSY));
    Lease completed = claim(in, COMPLETED);
    write(in, completed);
    await(in.leases().finish(completed, new Ending.Completed(OUTPUT, USAGE)));
    await(in.jobs().cancel(CANCELLED.id()));
    Lease failed = claim(in, FAILED);
    await(in.leases().finish(failed, new Ending.Failed(BAD, Output.NONE, Usage.NONE)));
    claim(in, CANCELLING);
    await(in.jobs().cancel(CANCELLING.id()));
    await(in.keys().add(KEY));
    await(in.tenants().put(TENANT));
    await(in.grants().open(GRANT, "hash1"));
    await(in.grants().rotate("hash1", "salt", "hash2"));
    await(in.grants().deny("token1", TIME.plusSeconds(600)));
    await(in.tokenKeys().add(TOKEN_KEY));
  }

  private static Lease claim(Stores in, Job job) {
    return ((Claim.Granted) await(in.leases().claim(request(job, 0, "nonce of " + job.id()))))
        .lease();
  }

  private static Leases.Request request(Job job, int attempt, String nonce) {
    return new Leases.Request(new JobMessage(job, attempt), WORKER, nonce, false);
  }

  private static void write(Stores in, Lease lease) {
    await(
        in.events()
            .append(
                lease,
                1,
                List.of(
                    new JobEvent.Thinking("hm"),
                    new JobEvent.Token("héllo 🌍", Optional.of(LOGPROBS)),
                    new JobEvent.ToolCall("{\"function\":{\"name\":\"f\"}}"))));
  }

  /**
   * Reads all of it and goes on with it.
   *
   * @param pass lets time pass for the store
   */
  public static void goOn(Stores in, Consumer<Duration> pass) {
    assertThat(record(in, WAITING).state()).isEqualTo(JobState.QUEUED);
    assertThat(record(in, UNPUBLISHED).published()).isFalse();
    assertThat(record(in, COMPLETED).ending()).contains(new Ending.Completed(OUTPUT, USAGE));
    assertThat(record(in, FAILED).ending())
        .contains(new Ending.Failed(BAD, Output.NONE, Usage.NONE));
    assertThat(record(in, CANCELLED).state()).isEqualTo(JobState.CANCELLED);
    assertThat(events(in, COMPLETED))
        .containsExactly(
            new JobEvent.Start(1),
            new JobEvent.Thinking("hm"),
            new JobEvent.Token("héllo 🌍", Optional.of(LOGPROBS)),
            new JobEvent.ToolCall("{\"function\":{\"name\":\"f\"}}"),
            new JobEvent.End(JobState.COMPLETED));
    assertThat(
            await(
                    in.jobs()
                        .list(new JobStore.Query("acme", Optional.empty(), Optional.empty(), 20)))
                .jobs())
        .hasSize(8);
    whoMayComeInStillMay(in);
    whatRunsGoesOn(in);
    whatWaitsIsRun(in, pass);
  }

  private static void whoMayComeInStillMay(Stores in) {
    assertThat(await(in.keys().key("key7"))).contains(KEY);
    assertThat(await(in.tenants().find("acme"))).contains(TENANT);
    assertThat(await(in.grants().find("hash2"))).contains(GRANT);
    assertThat(await(in.grants().holds("grant1", "token2"))).isTrue();
    assertThat(await(in.grants().holds("grant1", "token1"))).isFalse();
    assertThat(await(in.tokenKeys().keys())).containsExactly(TOKEN_KEY);
  }

  private static void whatRunsGoesOn(Stores in) {
    Lease held = new Lease(RUNNING.id(), WORKER, record(in, RUNNING).fence());
    assertThat(await(in.leases().renew(held))).isEqualTo(Leases.Renewal.RENEWED);
    assertThat(await(in.events().append(held, 4, List.of(new JobEvent.Token("!")))))
        .isEqualTo(JobEvents.Append.STORED);
    assertThat(await(in.leases().finish(held, new Ending.Incomplete(OUTPUT, Usage.NONE))))
        .isEqualTo(Leases.Settled.WRITTEN);
    assertThat(record(in, RUNNING).state()).isEqualTo(JobState.INCOMPLETE);
    Lease leaving = new Lease(CANCELLING.id(), WORKER, record(in, CANCELLING).fence());
    assertThat(await(in.leases().renew(leaving))).isEqualTo(Leases.Renewal.CANCELLING);
  }

  private static void whatWaitsIsRun(Stores in, Consumer<Duration> pass) {
    assertThat(await(in.admission().replay(WAITING)))
        .get()
        .isInstanceOf(Admission.Decision.Replayed.class);
    assertThat(await(in.leases().claim(request(REQUEUED, 1, "early"))))
        .isInstanceOf(Claim.NotYet.class);
    pass.accept(Duration.ofSeconds(6));
    Claim again = await(in.leases().claim(request(REQUEUED, 1, "again")));
    assertThat(((Claim.Granted) again).record().attempt()).isEqualTo(2);
    assertThat(((Claim.Granted) again).record().failures()).isZero();
    Lease first = claim(in, WAITING);
    await(in.leases().finish(first, new Ending.Completed(OUTPUT, new Usage(12, 3))));
    assertThat(record(in, WAITING).state()).isEqualTo(JobState.COMPLETED);
    assertThat(await(in.jobs().cancel(UNPUBLISHED.id())))
        .isInstanceOf(JobStore.Cancellation.Cancelled.class);
  }

  private static JobRecord record(Stores in, Job job) {
    JobRecord record = ((JobStore.Lookup.Found) await(in.jobs().find(job.id()))).record();
    assertThat(record.job()).isEqualTo(job);
    return record;
  }

  private static List<JobEvent> events(Stores in, Job job) {
    return await(in.events().read(job.id(), Position.START, 100)).stream()
        .map(LoggedEvent::event)
        .toList();
  }
}
