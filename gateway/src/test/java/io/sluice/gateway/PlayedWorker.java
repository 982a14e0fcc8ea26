package io.sluice.gateway;

import static io.sluice.Await.await;

import io.sluice.Delivery;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Leases.Claim;
import io.sluice.Output;
import io.sluice.Unavailable;
import io.sluice.Usage;
import io.sluice.embedded.Embedded;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A worker of batch jobs that answers at once, one at a time: with what was asked, or a failure
 * where that says {@code fail}. It lets jobs wait while it is held.
 */
final class PlayedWorker implements AutoCloseable {
  /** What it ran, in this order: the request of each run. */
  final ConcurrentLinkedQueue<Job> ran = new ConcurrentLinkedQueue<>();

  private final Embedded embedded;
  private final Function<Job, Ending> answers;
  private final Thread thread = Thread.ofVirtual().name("played-worker").unstarted(this::work);
  private volatile boolean held;

  PlayedWorker(Embedded embedded) {
    this(embedded, PlayedWorker::ending);
  }

  /** One that answers otherwise. */
  PlayedWorker(Embedded embedded, Function<Job, Ending> answers) {
    this.embedded = embedded;
    this.answers = answers;
  }

  PlayedWorker start() {
    thread.start();
    return this;
  }

  /** Takes nothing more for now, or goes on. */
  void hold(boolean whether) {
    held = whether;
  }

  private void work() {
    try {
      while (!Thread.interrupted()) {
        if (held || !pullOne()) {
          Thread.sleep(5);
        }
      }
    } catch (InterruptedException closed) {
      // Nothing is left to do.
    }
  }

  private boolean pullOne() {
    for (int n = 0; n < Lane.NUMBERS; n++) {
      Lane lane = new Lane.Ready(TestGateway.POOL, JobClass.BATCH, n);
      Optional<Delivery> delivery = await(embedded.queue().pull(lane));
      if (delivery.isPresent()) {
        run(delivery.get());
        return true;
      }
    }
    return false;
  }

  private void run(Delivery delivery) {
    Claim claim =
        await(
            embedded
                .leases()
                .claim(
                    new Leases.Request(
                        delivery.message(), "played", UUID.randomUUID().toString(), false)));
    if (claim instanceof Claim.Granted granted) {
      Job job = granted.record().job();
      ran.add(job);
      await(embedded.leases().finish(granted.lease(), answers.apply(job)));
    }
    await(delivery.done());
  }

  private static Ending ending(Job job) {
    if (job.request().contains("fail")) {
      Failure why = new Failure(FailureCode.RUNAWAY_REPETITION, "It said the same again.");
      return new Ending.Failed(why, Output.NONE, Usage.NONE);
    }
    String text = "you said " + job.metadata().get("custom_id");
    return new Ending.Completed(new Output(text, Optional.empty(), List.of()), new Usage(10, 3));
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException | Unavailable e) {
      throw new AssertionError(e);
    }
  }
}
