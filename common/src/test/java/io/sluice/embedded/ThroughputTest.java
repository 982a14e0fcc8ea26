package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobEvent;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Jobs through all ports, 64 at a time. Prints the rate and judges nothing but that each was done;
 * {@code -Dsluice.jobs=10000 -Dsluice.backlog=50000} for a measurement.
 */
class ThroughputTest {
  private static final Lane LANE = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);
  private static final Lane BACKLOG = new Lane.Ready(Jobs.POOL, JobClass.BATCH, 0);
  private static final int AT_ONCE = 64;

  private final AtomicInteger left = new AtomicInteger(Integer.getInteger("sluice.jobs", 1_000));
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void jobs_pass_through_in_groups() {
    try (TemporaryData data = TemporaryData.make();
        Embedded embedded =
            data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), InstantSource.system())) {
      fill(embedded, Integer.getInteger("sluice.backlog", 0));
      int jobs = left.get();
      long from = System.nanoTime();
      List<Future<Void>> hands =
          new ArrayList<>(IntStream.range(0, AT_ONCE).mapToObj(n -> work(embedded)).toList());
      hands.forEach(hand -> awaitLong(hand));
      double seconds = (System.nanoTime() - from) / 1e9;
      System.out.printf("%d jobs in %.1f s: %.0f jobs/s%n", jobs, seconds, jobs / seconds);
      assertThat(done).hasValue(jobs);
    }
  }

  private static void awaitLong(Future<Void> hand) {
    hand.toCompletionStage().toCompletableFuture().join();
  }

  private static void fill(Embedded embedded, int backlog) {
    for (int n = 0; n < backlog; n += 500) {
      List<Future<JobQueue.Publish>> published =
          IntStream.range(0, 500)
              .mapToObj(
                  any -> {
                    Job job = Jobs.chat().tenant("t" + any % 50).batch().job();
                    return embedded
                        .admission()
                        .admit(job)
                        .compose(in -> embedded.queue().publish(BACKLOG, new JobMessage(job, 0)));
                  })
              .toList();
      await(Future.all(published));
    }
  }

  private Future<Void> work(Embedded embedded) {
    if (left.getAndDecrement() <= 0) {
      return Future.succeededFuture();
    }
    Job job = Jobs.chat().job();
    return embedded
        .admission()
        .admit(job)
        .compose(in -> embedded.queue().publish(LANE, new JobMessage(job, 0)))
        .compose(published -> embedded.admission().published(List.of(job.id())))
        .compose(marked -> embedded.queue().pull(LANE))
        .compose(pulled -> run(embedded, pulled.orElseThrow()))
        .compose(end -> work(embedded));
  }

  private Future<Void> run(Embedded embedded, Delivery delivery) {
    Leases.Request request =
        new Leases.Request(delivery.message(), "worker", UUID.randomUUID().toString(), false);
    return embedded
        .leases()
        .claim(request)
        .map(claim -> ((Leases.Claim.Granted) claim).lease())
        .compose(
            lease ->
                embedded
                    .events()
                    .append(
                        lease, 1, IntStream.range(0, 16).mapToObj(ThroughputTest::token).toList())
                    .compose(
                        stored ->
                            embedded
                                .leases()
                                .finish(lease, new Ending.Completed(Output.NONE, Usage.NONE))))
        .compose(settled -> delivery.done())
        .onSuccess(settled -> done.incrementAndGet());
  }

  private static JobEvent token(int n) {
    return new JobEvent.Token("token" + n);
  }
}
