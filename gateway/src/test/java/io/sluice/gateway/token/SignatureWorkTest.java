package io.sluice.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Await;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever asks for signatures, made or checked, waits in one line that has an end. */
class SignatureWorkTest {
  private final Vertx vertx = Vertx.vertx();
  private final SignatureWork work =
      new SignatureWork(vertx.createSharedWorkerExecutor("signatures", 1));

  @AfterEach
  void close() {
    Await.await(vertx.close());
  }

  @Test
  void a_thousand_wait_and_one_more_is_refused_until_there_is_room() {
    CountDownLatch slow = new CountDownLatch(1);
    List<Future<Boolean>> waiting =
        IntStream.range(0, 1_000)
            .mapToObj(n -> work.run(() -> slow.await(30, TimeUnit.SECONDS)))
            .toList();
    Future<Boolean> oneMore = work.run(() -> true);
    assertThat(oneMore.cause())
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.OVERLOADED));
    slow.countDown();
    waiting.forEach(each -> assertThat(Await.await(each)).isTrue());
    assertThat(Await.await(work.run(() -> true))).isTrue();
  }
}
