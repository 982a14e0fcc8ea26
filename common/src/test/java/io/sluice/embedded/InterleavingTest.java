package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.JobStore;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.Position;
import io.sluice.Usage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the order of claims, cancels and endings, each job ends once, and nothing leaks. */
class InterleavingTest {
  private static final FailureCode[] CODES = {
    FailureCode.ENGINE_ERROR, FailureCode.ENGINE_CRASHED, FailureCode.ENGINE_BUSY
  };

  private final MovableClock clock = new MovableClock();
  private final List<Leases.Lease> leases = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void each_job_ends_once(long seed) {
    Random random = new Random(seed);
    try (TemporaryData data = TemporaryData.make();
        Embedded embedded = data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), clock)) {
      List<Job> jobs = Stream.generate(() -> Jobs.chat(clock.instant()).job()).limit(20).toList();
      jobs.forEach(job -> await(embedded.admission().admit(job)));

      for (int round = 0; round < 60; round++) {
        List<Future<?>> steps = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
          steps.add(step(embedded, jobs.get(random.nextInt(jobs.size())), random));
        }
        steps.forEach(io.sluice.Await::await);
        clock.move(Duration.ofMillis(random.nextInt(4_000)));
      }
      clock.move(Duration.ofMinutes(30));
      await(embedded.store().sweep(1000));

      jobs.forEach(job -> assertEndedOnce(embedded, job));
      assertNobodyWaits(data);
    }
  }

  private Future<?> step(Embedded embedded, Job job, Random random) {
    int choice = random.nextInt(40);
    if (choice == 0) {
      return embedded.store().cancel(job.id());
    }
    if (choice == 1) {
      return embedded.store().end(job.id(), failed(FailureCode.ENGINE_ERROR));
    }
    if (choice == 2) {
      return embedded.store().sweep(10);
    }
    if (choice < 20 || leases.isEmpty()) {
      return embedded
          .leases()
          .claim(
              new Leases.Request(
                  new JobMessage(job, 0), "worker", "nonce" + random.nextLong(), false))
          .onSuccess(this::keep);
    }
    Leases.Lease lease = leases.get(random.nextInt(leases.size()));
    return switch (choice % 6) {
      case 0 -> embedded.leases().renew(lease);
      case 1 -> embedded.leases().finish(lease, failed(FailureCode.ENGINE_ERROR));
      case 2 ->
          embedded
              .leases()
              .requeue(
                  lease,
                  clock.instant().plusMillis(random.nextInt(2_000)),
                  new Failure(CODES[random.nextInt(CODES.length)], "x"));
      default -> embedded.events().append(lease, 1, List.of(new JobEvent.Token("t")));
    };
  }

  private void keep(Leases.Claim claim) {
    if (claim instanceof Leases.Claim.Granted granted) {
      leases.add(granted.lease());
    }
  }

  private static Ending failed(FailureCode code) {
    return new Ending.Failed(new Failure(code, "x"), Output.NONE, Usage.NONE);
  }

  private static void assertEndedOnce(Embedded embedded, Job job) {
    JobStore.Lookup.Found found = (JobStore.Lookup.Found) await(embedded.store().find(job.id()));
    assertThat(found.record().ending()).isPresent();
    List<LoggedEvent> log = await(embedded.events().read(job.id(), Position.START, 10_000));
    assertThat(log).extracting(LoggedEvent::position).isSorted().doesNotHaveDuplicates();
    List<JobEvent> events = log.stream().map(LoggedEvent::event).toList();
    assertThat(events).filteredOn(JobEvent.End.class::isInstance).hasSize(1);
    assertThat(events).last().isEqualTo(new JobEvent.End(found.record().state()));
    assertThat(events).filteredOn(JobEvent.Start.class::isInstance).hasSizeLessThanOrEqualTo(1);
  }

  private static void assertNobodyWaits(TemporaryData data) {
    try (Database database = Database.open(DataDirectory.database(data.path()), sql -> null)) {
      Future<List<Integer>> waiting =
          database.read(sql -> sql.all("SELECT jobs FROM waiting", row -> row.getInt(1)));
      assertThat(await(waiting)).isNotEmpty().containsOnly(0);
    }
  }
}
