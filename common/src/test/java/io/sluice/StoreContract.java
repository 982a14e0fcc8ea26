package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contracts of the store's ports share: the fixture, and the short words for common steps.
 */
public abstract class StoreContract {
  static final Failure BROKEN = new Failure(FailureCode.ENGINE_ERROR, "the engine failed");
  static final Failure CRASHED = new Failure(FailureCode.ENGINE_CRASHED, "the engine died");
  static final Failure BUSY = new Failure(FailureCode.ENGINE_BUSY, "the engine is busy");
  static final Ending.Completed COMPLETED =
      new Ending.Completed(
          new Output(
              "hello",
              Optional.of("hm"),
              List.of("{\"name\":\"f\"}"),
              Optional.of("[{\"token\":\"hello\",\"logprob\":-0.25}]")),
          new Usage(7, 42)
              .with(
                  new Timings(
                      Optional.of(Duration.ofNanos(86_400_000_000_001L)),
                      Optional.empty(),
                      Optional.of(Duration.ofNanos(1)),
                      Optional.of(Duration.ofNanos(123_456_789)))));

  final String tenant = "tenant-" + UUID.randomUUID();
  StoreFixture it;

  /** A fresh, empty store with these bounds. */
  protected abstract StoreFixture open(Admission.Bounds bounds);

  Admission.Bounds bounds() {
    return Admission.Bounds.DEFAULT;
  }

  @BeforeEach
  void openStore() {
    it = open(bounds());
  }

  @AfterEach
  void closeStore() {
    it.close();
  }

  Instant now() {
    return it.now().truncatedTo(ChronoUnit.MILLIS);
  }

  Jobs chat() {
    return Jobs.chat(now()).tenant(tenant);
  }

  /** Admits a job and marks it published. */
  Job accepted(Jobs jobs) {
    Job job = jobs.job();
    assertThat(await(it.admission().admit(job))).isInstanceOf(Admission.Decision.Admitted.class);
    await(it.admission().published(List.of(job.id())));
    return job;
  }

  Job accepted() {
    return accepted(chat());
  }

  static Leases.Request request(Job job, String worker) {
    return new Leases.Request(new JobMessage(job, 0), worker, UUID.randomUUID().toString(), false);
  }

  Leases.Claim claim(Job job, String worker) {
    return await(it.leases().claim(request(job, worker)));
  }

  Leases.Claim.Granted granted(Job job, String worker) {
    Leases.Claim claim = claim(job, worker);
    assertThat(claim).isInstanceOf(Leases.Claim.Granted.class);
    return (Leases.Claim.Granted) claim;
  }

  Leases.Claim.Granted granted(Job job) {
    return granted(job, "worker-1");
  }

  Leases.Lease leased(Job job) {
    return granted(job).lease();
  }

  Leases.Settled finish(Leases.Lease lease, Ending ending) {
    return await(it.leases().finish(lease, ending));
  }

  JobRecord record(Job job) {
    JobStore.Lookup lookup = await(it.store().find(job.id()));
    assertThat(lookup).isInstanceOf(JobStore.Lookup.Found.class);
    return ((JobStore.Lookup.Found) lookup).record();
  }

  JobState state(Job job) {
    return record(job).state();
  }

  /** The whole log of a job, read in small pages, checked to be in order. */
  List<LoggedEvent> log(JobId id) {
    List<LoggedEvent> all = new ArrayList<>();
    Position after = Position.START;
    for (List<LoggedEvent> page = read(id, after); !page.isEmpty(); page = read(id, after)) {
      for (LoggedEvent event : page) {
        assertThat(event.position()).isGreaterThan(after);
        after = event.position();
      }
      all.addAll(page);
    }
    return all;
  }

  private List<LoggedEvent> read(JobId id, Position after) {
    List<LoggedEvent> page = await(it.events().read(id, after, 3));
    assertThat(page).hasSizeLessThanOrEqualTo(3);
    return page;
  }

  List<JobEvent> happened(Job job) {
    return log(job.id()).stream().map(LoggedEvent::event).toList();
  }

  /** The job is in this terminal state, and its log ends with the one event that says so. */
  void assertEnded(Job job, JobState state) {
    JobRecord record = record(job);
    assertThat(record.state()).isEqualTo(state);
    assertThat(record.endedAt()).isPresent();
    assertThat(record.ending()).map(Ending::state).contains(state);
    List<JobEvent> events = happened(job);
    assertThat(events).filteredOn(JobEvent.End.class::isInstance).hasSize(1);
    assertThat(events).last().isEqualTo(new JobEvent.End(state));
  }

  static Leases.Lease strangers(Job job) {
    return new Leases.Lease(job.id(), "worker-1", 17);
  }

  static final Duration A_MOMENT = Duration.ofMillis(300);
}
