package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link JobEvents} keeps. */
public abstract class JobEventsContract extends StoreContract {
  private JobEvents.Append append(Leases.Lease lease, long firstSeq, JobEvent... events) {
    return await(it.events().append(lease, firstSeq, List.of(events)));
  }

  private static JobEvent token(String text) {
    return new JobEvent.Token(text);
  }

  @Test
  void events_are_kept_in_order_and_numbered_within_their_fence() {
    Job job = accepted();
    Leases.Lease lease = leased(job);

    assertThat(append(lease, 1, new JobEvent.Thinking("hm"), token("a")))
        .isEqualTo(JobEvents.Append.STORED);
    assertThat(
            append(lease, 3, token("b\n\u0000\uD83D\uDE00"), new JobEvent.ToolCall("{\"a\":[1]}")))
        .isEqualTo(JobEvents.Append.STORED);

    long fence = lease.fence();
    assertThat(log(job.id()))
        .containsExactly(
            new LoggedEvent(new Position(fence, 0), new JobEvent.Start(1)),
            new LoggedEvent(new Position(fence, 1), new JobEvent.Thinking("hm")),
            new LoggedEvent(new Position(fence, 2), token("a")),
            new LoggedEvent(new Position(fence, 3), token("b\n\u0000\uD83D\uDE00")),
            new LoggedEvent(new Position(fence, 4), new JobEvent.ToolCall("{\"a\":[1]}")));
  }

  @Test
  void an_append_that_is_sent_twice_is_stored_once() {
    Job job = accepted();
    Leases.Lease lease = leased(job);

    for (int n = 0; n < 2; n++) {
      assertThat(append(lease, 1, token("a"), token("b"))).isEqualTo(JobEvents.Append.STORED);
    }
    append(lease, 3, token("c"));

    assertThat(happened(job))
        .containsExactly(new JobEvent.Start(1), token("a"), token("b"), token("c"));
  }

  @Test
  void a_fenced_holder_appends_nothing() {
    Job job = accepted();
    Leases.Lease old = leased(job);
    it.letLeaseEnd(job.id());
    Leases.Lease current = granted(job, "worker-2").lease();

    assertThat(append(old, 1, token("late"))).isEqualTo(JobEvents.Append.FENCED);
    assertThat(append(current, 1, token("good"))).isEqualTo(JobEvents.Append.STORED);

    assertThat(happened(job)).doesNotContain(token("late")).last().isEqualTo(token("good"));
  }

  @Test
  void nobody_appends_to_a_job_that_was_given_up() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    await(it.leases().requeue(lease, now(), BUSY));

    assertThat(append(lease, 1, token("late"))).isEqualTo(JobEvents.Append.FENCED);
  }

  @Test
  void nothing_follows_the_end_that_the_holder_wrote() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    append(lease, 1, token("a"));
    finish(lease, COMPLETED);

    assertThat(append(lease, 2, token("late"))).isEqualTo(JobEvents.Append.FENCED);

    assertThat(happened(job))
        .containsExactly(new JobEvent.Start(1), token("a"), new JobEvent.End(JobState.COMPLETED));
  }

  @Test
  void nothing_follows_the_end_that_came_from_outside() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    append(lease, 1, token("a"));
    await(it.store().end(job.id(), new Ending.Failed(BROKEN, Output.NONE, Usage.NONE)));

    assertThat(append(lease, 2, token("late"))).isEqualTo(JobEvents.Append.FENCED);

    assertThat(happened(job))
        .containsExactly(new JobEvent.Start(1), token("a"), new JobEvent.End(JobState.FAILED));
  }

  @Test
  void an_append_without_a_record_says_so() {
    assertThat(append(strangers(chat().job()), 1, token("a"))).isEqualTo(JobEvents.Append.GONE);
  }

  @Test
  void an_append_tells_the_holder_that_the_job_is_to_be_cancelled() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    await(it.store().cancel(job.id()));

    assertThat(append(lease, 1, token("a"))).isEqualTo(JobEvents.Append.CANCELLING);
    assertThat(happened(job)).containsExactly(new JobEvent.Start(1), token("a"));
  }

  @Test
  void reading_starts_after_the_given_position_and_keeps_to_the_limit() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    append(lease, 1, token("a"), token("b"), token("c"));

    assertThat(await(it.events().read(job.id(), new Position(lease.fence(), 1), 1)))
        .containsExactly(new LoggedEvent(new Position(lease.fence(), 2), token("b")));
    assertThat(await(it.events().read(job.id(), new Position(lease.fence(), 3), 10))).isEmpty();
    assertThat(await(it.events().read(job.id(), new Position(lease.fence() + 1, 0), 10))).isEmpty();
    assertThat(await(it.events().read(chat().job().id(), Position.START, 10))).isEmpty();
  }

  @Test
  void a_position_of_an_earlier_attempt_leads_into_the_next_one() {
    Job job = accepted();
    Leases.Lease first = leased(job);
    append(first, 1, token("a"), token("b"));
    it.letLeaseEnd(job.id());
    Leases.Lease second = granted(job, "worker-2").lease();
    append(second, 1, token("A"));

    assertThat(await(it.events().read(job.id(), new Position(first.fence(), 2), 10)))
        .hasSize(2)
        .first()
        .satisfies(
            event -> {
              assertThat(event.position()).isEqualTo(new Position(second.fence(), 0));
              assertThat(event.event())
                  .isInstanceOfSatisfying(
                      JobEvent.Reset.class, reset -> assertThat(reset.attempt()).isEqualTo(2));
            });
  }

  @Test
  void a_watcher_wakes_when_the_log_or_the_state_changes() {
    Job job = accepted();
    Semaphore woken = new Semaphore(0);
    Subscription watching = it.events().watch(job.id(), woken::release);

    assertWakes(woken, () -> granted(job));
    Leases.Lease lease = new Leases.Lease(job.id(), "worker-1", record(job).fence());
    assertWakes(woken, () -> append(lease, 1, token("a")));
    assertWakes(woken, () -> await(it.store().cancel(job.id())));
    assertWakes(woken, () -> finish(lease, COMPLETED));

    watching.close();
  }

  @Test
  void a_watcher_wakes_when_a_waiting_job_is_cancelled() {
    Job job = accepted();
    Semaphore woken = new Semaphore(0);
    try (Subscription watching = it.events().watch(job.id(), woken::release)) {
      assertThat(watching).isNotNull();
      assertWakes(woken, () -> await(it.store().cancel(job.id())));
    }
  }

  private static void assertWakes(Semaphore woken, Runnable change) {
    woken.drainPermits();
    change.run();
    try {
      assertThat(woken.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void each_watcher_of_a_job_wakes_until_it_is_closed() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    Semaphore first = new Semaphore(0);
    AtomicInteger second = new AtomicInteger();
    Subscription closed = it.events().watch(job.id(), second::incrementAndGet);
    Subscription open = it.events().watch(job.id(), first::release);
    assertWakes(first, () -> append(lease, 1, token("a")));
    await().atMost(Duration.ofSeconds(10)).until(() -> second.get() > 0);

    closed.close();
    closed.close();
    int before = second.get();
    assertWakes(first, () -> append(lease, 2, token("b")));

    assertThat(second).hasValue(before);
    open.close();
  }

  @Test
  void a_follower_misses_nothing_and_reads_nothing_twice() {
    Job job = accepted();
    Leases.Lease lease = leased(job);
    Semaphore woken = new Semaphore(1);
    Subscription watching = it.events().watch(job.id(), woken::release);
    Thread.ofVirtual().start(() -> write(lease, 300));

    List<JobEvent> seen = new ArrayList<>();
    Position after = Position.START;
    while (seen.isEmpty() || !(seen.getLast() instanceof JobEvent.End)) {
      assertThat(acquired(woken)).as("woken after %s events", seen.size()).isTrue();
      woken.drainPermits();
      for (List<LoggedEvent> page = page(job, after); !page.isEmpty(); page = page(job, after)) {
        page.forEach(event -> seen.add(event.event()));
        after = page.getLast().position();
      }
    }

    watching.close();
    List<JobEvent> expected = new ArrayList<>(List.of(new JobEvent.Start(1)));
    for (int n = 1; n <= 300; n++) {
      expected.add(token("t" + n));
    }
    expected.add(new JobEvent.End(JobState.COMPLETED));
    assertThat(seen).containsExactlyElementsOf(expected);
  }

  private void write(Leases.Lease lease, int count) {
    for (int n = 1; n <= count; n++) {
      append(lease, n, token("t" + n));
    }
    finish(lease, COMPLETED);
  }

  private List<LoggedEvent> page(Job job, Position after) {
    return await(it.events().read(job.id(), after, 7));
  }

  private static boolean acquired(Semaphore woken) {
    try {
      return woken.tryAcquire(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
