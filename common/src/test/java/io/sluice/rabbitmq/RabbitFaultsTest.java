package io.sluice.rabbitmq;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.Delivery;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobMessage;
import io.sluice.JobQueue.Publish;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.testservers.RabbitServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a broker does that dies, chokes, hangs, or cuts connections, and what becomes of jobs. */
class RabbitFaultsTest {
  private static final Pool POOL = Pool.parse("faults:1b");
  private static final Lane READY = new Lane.Ready(POOL, JobClass.INTERACTIVE, 0);
  private static final Lane RETRY = new Lane.Retry(POOL, JobClass.INTERACTIVE);
  private static final Duration LONG = Duration.ofSeconds(60);

  private static RabbitServer server;
  private final Settings settings = Brokers.settings();
  private Rabbit rabbit;

  @BeforeAll
  static void startBroker() {
    server = TestServers.ownRabbit();
  }

  @AfterAll
  static void stopBroker() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void close() {
    if (rabbit != null) {
      rabbit.close();
    }
  }

  private Rabbit connected() {
    rabbit = Rabbit.connect(server.uri(), List.of(POOL), settings);
    Healths.awaitHealthy(rabbit);
    return rabbit;
  }

  private static JobMessage message() {
    return new JobMessage(Jobs.chat().pool(POOL).job(), 0);
  }

  private Future<Publish> publish() {
    return rabbit.queue().publish(READY, message());
  }

  private Delivery next(Lane lane) {
    return await()
        .atMost(LONG)
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .until(() -> await(rabbit.queue().pull(lane)), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void everything_confirmed_survives_a_broker_that_is_killed_under_load() {
    rabbit =
        Rabbit.connect(
            server.uri(),
            List.of(POOL),
            // Settled, or the broker itself may lose the queue.
            new Settings(
                settings.prefix(),
                settings.pace(),
                Duration.ofSeconds(5),
                settings.publishWithin(),
                settings.retryWithin()));
    Healths.awaitHealthy(rabbit);
    Set<JobId> confirmed = ConcurrentHashMap.newKeySet();
    ConcurrentLinkedQueue<Future<Publish>> asked = new ConcurrentLinkedQueue<>();
    AtomicBoolean stop = new AtomicBoolean();
    Thread load = Thread.startVirtualThread(() -> publishUntil(stop, asked, confirmed));
    await().atMost(LONG).until(() -> confirmed.size() > 2000);

    server.kill9();
    stop.set(true);
    joined(load);
    asked.forEach(it -> assertThat(ended(it)).isTrue());
    server.restart();
    Healths.awaitHealthy(rabbit);

    Set<JobId> found = ConcurrentHashMap.newKeySet();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .until(
            () -> {
              takeAll(found);
              return found.containsAll(confirmed);
            });
  }

  private void publishUntil(
      AtomicBoolean stop, ConcurrentLinkedQueue<Future<Publish>> asked, Set<JobId> confirmed) {
    while (!stop.get()) {
      List<Future<Publish>> batch = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        JobMessage message = message();
        batch.add(
            rabbit
                .queue()
                .publish(READY, message)
                .onSuccess(
                    result -> {
                      if (result == Publish.CONFIRMED) {
                        confirmed.add(message.job().id());
                      }
                    }));
      }
      asked.addAll(batch);
      batch.forEach(RabbitFaultsTest::ended);
    }
  }

  private void takeAll(Set<JobId> found) {
    while (true) {
      List<Future<Optional<Delivery>>> pulls =
          IntStream.range(0, 16).mapToObj(i -> rabbit.queue().pull(READY)).toList();
      List<Delivery> got =
          pulls.stream().map(io.sluice.Await::await).flatMap(Optional::stream).toList();
      if (got.isEmpty()) {
        return;
      }
      got.forEach(it -> await(it.done()));
      got.forEach(it -> found.add(it.message().job().id()));
    }
  }

  /** Completed, one way or the other, in time. */
  private static boolean ended(Future<?> future) {
    try {
      await(future);
      return true;
    } catch (Unavailable e) {
      return true;
    }
  }

  private static void joined(Thread thread) {
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void every_publication_is_answered_when_the_broker_closes_all_connections() {
    connected();
    List<Future<Publish>> asked =
        new ArrayList<>(IntStream.range(0, 3000).mapToObj(i -> publish()).toList());
    Thread cut =
        Thread.startVirtualThread(() -> server.ctl("close_all_connections", "fault injection"));
    while (cut.isAlive()) {
      asked.add(publish());
      ended(asked.get(asked.size() - 1));
    }

    asked.forEach(it -> assertThat(ended(it)).isTrue());
    Healths.awaitHealthy(rabbit);
    assertThat(await(publish())).isEqualTo(Publish.CONFIRMED);
  }

  @Test
  void a_delivery_whose_connection_is_gone_settles_silently_and_comes_back() {
    connected();
    await(publish());
    Delivery held = next(READY);
    server.ctl("close_all_connections", "fault injection");

    Delivery again = next(READY);
    assertThat(again.redelivered()).isTrue();
    assertThat(again.message()).isEqualTo(held.message());
    await(held.done());
    await(again.done());
    Healths.awaitHealthy(rabbit);
    assertThat(await(rabbit.queue().pull(READY))).isEmpty();
  }

  @Test
  void a_broker_low_on_memory_refuses_submissions_and_still_hands_out() {
    connected();
    for (int i = 0; i < 5; i++) {
      await(publish());
    }
    Delivery early = next(READY);
    try {
      server.ctl("set_vm_memory_high_watermark", "0.00001");
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(await(publish())).isNotEqualTo(Publish.CONFIRMED));
      await().untilAsserted(() -> assertThat(await(publish())).isEqualTo(Publish.REFUSED));
      assertThat(Healths.of(rabbit)).contains("takes no messages");

      await(early.done());
      await(next(READY).done());
      Delivery held = next(READY);
      Future<Void> retried = held.retry(1, Duration.ofSeconds(10));
      assertThat(retried.isComplete()).isFalse();

      server.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
      await(retried);
    } finally {
      server.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
    }
    Healths.awaitHealthy(rabbit);
    assertThat(await(publish())).isEqualTo(Publish.CONFIRMED);
    await(next(RETRY).done());
  }

  @Test
  void a_retry_that_the_broker_does_not_take_in_time_leaves_the_delivery_as_it_was() {
    rabbit =
        Rabbit.connect(
            server.uri(),
            List.of(POOL),
            new Settings(
                settings.prefix(),
                settings.pace(),
                Duration.ZERO,
                settings.publishWithin(),
                Duration.ofMillis(500)));
    Healths.awaitHealthy(rabbit);
    await(publish());
    Delivery held = next(READY);
    try {
      server.ctl("set_vm_memory_high_watermark", "0.00001");
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(await(publish())).isNotEqualTo(Publish.CONFIRMED));
      assertThatThrownBy(() -> await(held.retry(1, Duration.ofSeconds(10))))
          .isInstanceOf(Unavailable.class);
    } finally {
      server.ctl("set_vm_memory_high_watermark", "absolute", "1GB");
    }
    Healths.awaitHealthy(rabbit);
    await(held.retry(2, Duration.ofSeconds(10)));
    assertThat(next(RETRY).message().attempt()).isEqualTo(2);
  }

  @Test
  void a_frozen_broker_leaves_no_question_unanswered() {
    connected();
    server.suspend();
    try {
      List<Future<Publish>> asked = IntStream.range(0, 50).mapToObj(i -> publish()).toList();
      asked.forEach(it -> assertThat(await(it)).isNotEqualTo(Publish.CONFIRMED));
      assertThat(Healths.of(rabbit)).contains("does not answer");
      assertThatThrownBy(() -> await(rabbit.queue().pull(READY))).isInstanceOf(Unavailable.class);
    } finally {
      server.resume();
    }
    Healths.awaitHealthy(rabbit);
    JobMessage message = message();
    assertThat(await(rabbit.queue().publish(RETRY, message))).isEqualTo(Publish.CONFIRMED);
    assertThat(next(RETRY).message()).isEqualTo(message);
  }

  @Test
  void a_pull_that_nobody_waited_for_goes_back_to_its_lane() {
    connected();
    JobMessage message = message();
    await(rabbit.queue().publish(READY, message));
    server.suspend();
    try {
      assertThatThrownBy(() -> await(rabbit.queue().pull(READY))).isInstanceOf(Unavailable.class);
    } finally {
      server.resume();
    }
    assertThat(next(READY).message()).isEqualTo(message);
  }

  @Test
  void the_broker_takes_back_what_is_held_too_long_and_pulling_goes_on() {
    server.ctl(
        "eval",
        "application:set_env(rabbit,consumer_timeout,1000),"
            + "application:set_env(rabbit,channel_tick_interval,500).");
    try {
      connected();
      await(publish());
      Delivery held = next(READY);

      Delivery again = next(READY);
      assertThat(again.message()).isEqualTo(held.message());
      await(again.done());
      await(held.done());
    } finally {
      server.ctl(
          "eval",
          "application:set_env(rabbit,consumer_timeout,1800000),"
              + "application:set_env(rabbit,channel_tick_interval,60000).");
    }
  }

  @Test
  void a_process_that_is_there_before_the_broker_gets_ready_with_it() {
    server.kill9();
    rabbit = Rabbit.connect(server.uri(), List.of(POOL), settings);
    assertThat(Healths.of(rabbit)).contains("no connection to RabbitMQ");
    assertThatThrownBy(() -> await(publish())).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(rabbit.queue().pull(READY))).isInstanceOf(Unavailable.class);

    server.restart();
    Healths.awaitHealthy(rabbit);
    assertThat(await(publish())).isEqualTo(Publish.CONFIRMED);
  }
}
