package io.sluice.embedded;

import static io.sluice.Await.await;

import io.sluice.Admission;
import io.sluice.Delivery;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobMessage;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A process that works until it is killed, and prints each thing only after it was confirmed:
 * {@code accepted}, {@code held} or {@code done}, and the id of the job.
 */
final class KilledProcess {
  private static final Lane LANE = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);

  private KilledProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Embedded embedded =
        Embedded.open(
            Path.of(arguments[0]),
            Admission.Bounds.DEFAULT,
            List.of(Jobs.POOL),
            InstantSource.system());
    for (int n = 0; n < 8; n++) {
      Thread.ofPlatform().start(() -> work(embedded));
    }
    Thread.currentThread().join();
  }

  private static void work(Embedded embedded) {
    for (int n = 0; ; n++) {
      Job job = Jobs.chat().job();
      await(embedded.admission().admit(job));
      await(embedded.queue().publish(LANE, new JobMessage(job, 0)));
      await(embedded.admission().published(List.of(job.id())));
      System.out.println("accepted " + job.id());
      if (n % 3 > 0) {
        run(embedded, await(embedded.queue().pull(LANE)), n % 3 == 1);
      }
    }
  }

  private static void run(Embedded embedded, Optional<Delivery> pulled, boolean toTheEnd) {
    if (pulled.isEmpty()) {
      return;
    }
    Delivery delivery = pulled.get();
    Job job = delivery.message().job();
    System.out.println("held " + job.id());
    Leases.Request request =
        new Leases.Request(delivery.message(), "worker", UUID.randomUUID().toString(), false);
    if (toTheEnd
        && await(embedded.leases().claim(request)) instanceof Leases.Claim.Granted granted) {
      await(
          embedded
              .leases()
              .finish(granted.lease(), new io.sluice.Ending.Completed(Output.NONE, Usage.NONE)));
      System.out.println("finished " + job.id());
      await(delivery.done());
      System.out.println("done " + job.id());
    }
  }
}
