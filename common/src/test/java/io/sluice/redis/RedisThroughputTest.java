package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thousands of jobs through the adapters at once; prints how fast, and checks that none is lost.
 */
class RedisThroughputTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedisThroughputTest.class);
  private static final int AT_ONCE = 64;
  private static final int JOBS = 5_000;

  @Test
  void thousands_of_jobs_go_through_and_each_ends_once() throws Exception {
    try (RedisFixture it = RedisFixture.open(new Admission.Bounds(100_000, 100_000))) {
      Queue<Job> jobs = new ConcurrentLinkedQueue<>();
      timed(
          "admits",
          n -> {
            Job job = Jobs.chat().job();
            await(it.admission().admit(job));
            jobs.add(job);
          });
      Leases.Lease[] leases =
          IntStream.range(0, AT_ONCE)
              .mapToObj(n -> claimed(it, Jobs.chat().job()))
              .toArray(Leases.Lease[]::new);
      AtomicInteger[] seqs =
          IntStream.range(0, AT_ONCE)
              .mapToObj(n -> new AtomicInteger())
              .toArray(AtomicInteger[]::new);
      timed("appends", n -> append(it, leases[n % AT_ONCE], seqs[n % AT_ONCE].incrementAndGet()));
      List<Job> all = List.copyOf(jobs);
      timed("runs (mark, claim, append, finish)", n -> run(it, all.get(n)));

      assertThat(all)
          .allSatisfy(
              job ->
                  assertThat(
                          ((JobStore.Lookup.Found) await(it.store().find(job.id())))
                              .record()
                              .state())
                      .isEqualTo(JobState.COMPLETED));
    }
  }

  private static void run(RedisFixture it, Job job) {
    await(it.admission().published(List.of(job.id())));
    Leases.Lease lease = claimed(it, job);
    append(it, lease, 1);
    await(it.leases().finish(lease, new Ending.Completed(Output.NONE, new Usage(7, 16))));
  }

  private static void append(RedisFixture it, Leases.Lease lease, long seq) {
    await(it.events().append(lease, seq, List.of(new JobEvent.Token("sixteen tokens of text"))));
  }

  private static Leases.Lease claimed(RedisFixture it, Job job) {
    Leases.Request request =
        new Leases.Request(new JobMessage(job, 0), "worker", UUID.randomUUID().toString(), false);
    return ((Leases.Claim.Granted) await(it.leases().claim(request))).lease();
  }

  private static void timed(String what, IntConsumer one) throws Exception {
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new java.util.ArrayList<>();
      for (int t = 0; t < AT_ONCE; t++) {
        Consumer<Integer> each = one::accept;
        running.add(threads.submit(() -> drain(next, each)));
      }
      for (Future<?> thread : running) {
        thread.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    LOG.info("{} {}: {}/s at {} in flight", JOBS, what, Math.round(JOBS / seconds), AT_ONCE);
  }

  private static void drain(AtomicInteger next, Consumer<Integer> one) {
    for (int n = next.getAndIncrement(); n < JOBS; n = next.getAndIncrement()) {
      one.accept(n);
    }
  }
}
