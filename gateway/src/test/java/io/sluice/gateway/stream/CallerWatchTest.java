package io.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Await;
import io.sluice.Subscription;
import io.sluice.gateway.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerWatchTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Caller> asked = new CopyOnWriteArrayList<>();
  private volatile boolean holds = true;
  private final CallerWatch watch =
      new CallerWatch(
          vertx,
          caller -> {
            asked.add(caller);
            return Future.succeededFuture(holds);
          },
          InstantSource.system(),
          Duration.ofSeconds(60),
          new SimpleMeterRegistry());

  @AfterEach
  void close() {
    watch.stop();
    Await.await(vertx.close());
  }

  @Test
  void ten_callers_with_a_thousand_streams_are_asked_about_once_a_round_each() {
    List<Caller> callers = IntStream.range(0, 10).mapToObj(CallerWatchTest::caller).toList();
    AtomicInteger ended = new AtomicInteger();
    List<Subscription> streams = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      streams.add(watch.add(callers.get(i % 10), why -> ended.incrementAndGet()));
    }
    watch.start();
    await().until(() -> times(callers.getFirst()) == 3);
    assertThat(asked).hasSizeBetween(20, 40);
    holds = false;
    await().until(() -> ended.get() >= 1_000);
    streams.forEach(Subscription::close);
    holds = true;
    Caller last = caller(99);
    watch.add(last, why -> ended.incrementAndGet());
    int before = asked.size();
    await().until(() -> times(last) == 3);
    assertThat(asked.size() - before).as("nobody asks for those who left").isLessThan(15);
  }

  private long times(Caller caller) {
    return asked.stream().filter(caller::equals).count();
  }

  private static Caller caller(int number) {
    String id = "key" + number;
    return new Caller(
        "default",
        id,
        Set.of("ollama:chat"),
        Optional.empty(),
        Optional.empty(),
        new Caller.Credential.Key(id));
  }
}
