package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.Jobs;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffLoopTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private static Job asking(int chars) {
    return new Jobs(Jobs.chat(Instant.EPOCH).job()).request("\"" + "x".repeat(chars) + "\"").job();
  }

  /** Which thread did the work, and whether the answer came back to the loop. */
  private String worked(Job job) throws Exception {
    Context loop = vertx.getOrCreateContext();
    return Future.<String>future(
            told ->
                loop.runOnContext(
                    here -> {
                      Thread asker = Thread.currentThread();
                      OffLoop.of(vertx, job, () -> Thread.currentThread() == asker ? "loop" : "off")
                          .map(by -> Thread.currentThread() == asker ? by : "astray")
                          .onComplete(told);
                    }))
        .await(20, TimeUnit.SECONDS);
  }

  @Test
  void a_long_request_is_read_off_the_loop_and_a_short_one_at_once() throws Exception {
    assertThat(worked(asking(100))).isEqualTo("loop");
    assertThat(worked(asking(100_000))).isEqualTo("off");
  }

  @Test
  void what_the_work_throws_fails_the_future() {
    for (int chars : new int[] {100, 100_000}) {
      Future<Object> failed =
          OffLoop.of(
              vertx,
              asking(chars),
              () -> {
                throw new IllegalStateException("broken");
              });
      assertThat(failed.transform(it -> Future.succeededFuture(it.cause())))
          .satisfies(it -> assertThat(it.await(20, TimeUnit.SECONDS)).hasMessage("broken"));
    }
  }
}
