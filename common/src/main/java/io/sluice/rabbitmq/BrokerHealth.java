package io.sluice.rabbitmq;

import io.sluice.HealthCheck;
import io.sluice.Lane;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether jobs can be published and pulled: connections are up, the broker takes messages, new
 * lanes have settled, and a question is answered.
 */
final class BrokerHealth implements HealthCheck {
  private static final long ANSWER_MILLIS = 1500;

  private final List<Link> links;
  private final Publisher publisher;
  private final Puller puller;
  private final Topology topology;

  /** At most one question at a time: a broker that hangs must not collect them. */
  private final AtomicReference<Future<Long>> question =
      new AtomicReference<>(Future.succeededFuture(0L));

  BrokerHealth(List<Link> links, Publisher publisher, Puller puller, Topology topology) {
    this.links = List.copyOf(links);
    this.publisher = publisher;
    this.puller = puller;
    this.topology = topology;
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public Future<Void> check() {
    return trouble().<Future<Void>>map(BrokerHealth::unwell).orElseGet(() -> withinBound(ask()));
  }

  private Optional<String> trouble() {
    return links.stream()
        .flatMap(link -> link.trouble().stream())
        .findFirst()
        .or(publisher::trouble)
        .or(this::settling);
  }

  private Optional<String> settling() {
    Duration left = topology.settling();
    return left.isPositive()
        ? Optional.of("new lanes are settling: ready in " + (left.toMillis() + 999) / 1000 + " s")
        : Optional.empty();
  }

  private Future<Long> ask() {
    return question.updateAndGet(
        last -> last.isComplete() ? puller.waiting(Lane.Aside.POISON) : last);
  }

  private static Future<Void> withinBound(Future<Long> answer) {
    Promise<Void> result = Promise.promise();
    answer.onComplete(waiting -> result.tryComplete(), why -> result.tryFail(why));
    Executor later = CompletableFuture.delayedExecutor(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    later.execute(() -> result.tryFail(new Unavailable("queue", "RabbitMQ does not answer")));
    return result.future();
  }

  private static Future<Void> unwell(String why) {
    return Future.failedFuture(new Unavailable("queue", why));
  }
}
