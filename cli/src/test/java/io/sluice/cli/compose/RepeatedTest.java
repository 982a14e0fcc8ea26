package io.sluice.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RepeatedTest {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final AtomicInteger steps = new AtomicInteger();

  @Test
  void it_goes_on_until_a_step_says_that_it_is_done() {
    try (Repeated repeated = Repeated.start("test", AT_ONCE, () -> steps.incrementAndGet() < 3)) {
      assertThat(repeated).isNotNull();
      await().until(() -> steps.get() == 3);
    }
    assertThat(steps).hasValue(3);
  }

  @Test
  void a_step_that_throws_does_not_end_it() {
    try (Repeated repeated =
        Repeated.start(
            "test",
            AT_ONCE,
            () -> {
              steps.incrementAndGet();
              throw new IllegalStateException("on purpose");
            })) {
      assertThat(repeated).isNotNull();
      await().until(() -> steps.get() >= 3);
    }
  }

  @Test
  @Timeout(60)
  void closing_it_interrupts_a_step_that_hangs() {
    CountDownLatch never = new CountDownLatch(1);
    Repeated repeated =
        Repeated.start(
            "test",
            AT_ONCE,
            () -> {
              steps.incrementAndGet();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return true;
            });
    await().until(() -> steps.get() == 1);
    repeated.close();
    assertThat(steps).hasValue(1);
  }
}
