package io.sluice.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Remembered<String, String> answers = new Remembered<>(nanos::get);

  @Test
  void an_answer_counts_for_half_a_second() {
    assertThat(get("good")).isEqualTo("good");
    pass(Duration.ofMillis(499));
    assertThat(get("revoked")).isEqualTo("good");
    pass(Duration.ofMillis(1));
    assertThat(get("revoked")).isEqualTo("revoked");
  }

  @Test
  void the_time_that_a_slow_store_took_is_part_of_it() {
    Promise<String> slow = Promise.promise();
    Future<String> asked = answers.get("key", slow::future);
    pass(Duration.ofMillis(400));
    slow.complete("good");
    assertThat(asked.result()).isEqualTo("good");
    assertThat(get("revoked")).isEqualTo("good");
    pass(Duration.ofMillis(100));
    assertThat(get("revoked")).isEqualTo("revoked");
  }

  private String get(String now) {
    return answers.get("key", () -> Future.succeededFuture(now)).result();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
