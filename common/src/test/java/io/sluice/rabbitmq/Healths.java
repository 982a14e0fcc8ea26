package io.sluice.rabbitmq;

import static org.awaitility.Awaitility.await;

import io.sluice.Await;
import io.sluice.HealthCheck;
import io.sluice.Unavailable;
import java.time.Duration;

/** The health of a broker, as a word. */
final class Healths {
  private Healths() {}

  static void awaitHealthy(Rabbit rabbit) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(60))
        .until(() -> of(rabbit), "well"::equals);
  }

  /** {@code well}, or the reason why not. */
  static String of(Rabbit rabbit) {
    for (HealthCheck check : rabbit.healthChecks()) {
      try {
        Await.await(check.check());
      } catch (Unavailable e) {
        return e.getMessage();
      }
    }
    return "well";
  }
}
