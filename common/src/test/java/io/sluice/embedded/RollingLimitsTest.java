package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Admission.Decision;
import io.sluice.Admission.Level;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Output;
import io.sluice.ReferenceWindow;
import io.sluice.ReferenceWindow.Charge;
import io.sluice.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every decision of ten minutes is that of the reference model, while the windows roll. */
class RollingLimitsTest {
  private static final int STEPS = 600;
  private static final long REQUESTS = 30;

  private record Open(Job job, Charge charge) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_decision_is_that_of_the_reference_model(long seed) {
    Random random = new Random(seed);
    long cost = Jobs.chat().job().tokensAtMost();
    ReferenceWindow requests = new ReferenceWindow(REQUESTS);
    ReferenceWindow tokens = new ReferenceWindow(cost * 20);
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_REQUESTS_PER_MINUTE,
                REQUESTS,
                Limit.TENANT_TOKENS_PER_MINUTE,
                cost * 20),
            Set.of());
    List<Open> open = new ArrayList<>();
    int refused = 0;
    try (EmbeddedStore it = new EmbeddedStore(Admission.Bounds.DEFAULT)) {
      for (int step = 0; step < STEPS; step++) {
        it.passForLimits(Duration.ofMillis(random.nextInt(2_000)));
        long now = it.now().toEpochMilli();
        Job job = Jobs.chat(it.now()).job();
        boolean fits = requests.fits(now, 1) && tokens.fits(now, cost);
        Decision decision = await(it.admission().admit(new Admission.Entry(job, limits)));
        assertThat(decision instanceof Decision.Admitted)
            .as("seed %s step %s", seed, step)
            .isEqualTo(fits);
        if (fits) {
          requests.charge(now, 1);
          open.add(new Open(job, tokens.charge(now, cost)));
        } else {
          refused++;
          assertThat(longestWait(decision))
              .isBetween(Duration.ofMillis(1), Duration.ofMillis(60_500));
        }
        if (!open.isEmpty() && random.nextInt(3) > 0) {
          end(it, open.remove(random.nextInt(open.size())), random.nextInt(500));
        }
      }
    }
    assertThat(refused).as("both answers occur").isBetween(STEPS / 20, STEPS - STEPS / 20);
  }

  private static Duration longestWait(Decision decision) {
    return ((Decision.Refused) decision)
        .standing().exceeded().stream()
            .map(Level::retryAfter)
            .map(wait -> wait.orElseThrow())
            .max(Duration::compareTo)
            .orElseThrow();
  }

  private static void end(EmbeddedStore it, Open open, int completion) {
    if (completion < 50) {
      await(it.store().cancel(open.job().id()));
      open.charge().settle(0);
      return;
    }
    Leases.Request request =
        new Leases.Request(new JobMessage(open.job(), 0), "w", UUID.randomUUID().toString(), false);
    if (await(it.leases().claim(request)) instanceof Leases.Claim.Granted(var lease, var record)) {
      Usage usage = new Usage(record.job().promptTokens(), completion);
      await(it.leases().finish(lease, new Ending.Completed(Output.NONE, usage)));
      open.charge().settle(usage.tokens());
    } else {
      // It expired while it waited, and used nothing.
      open.charge().settle(0);
    }
  }
}
