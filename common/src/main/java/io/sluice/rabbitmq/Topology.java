package io.sluice.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.sluice.Job;
import io.sluice.Lane;
import io.sluice.Pool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues and exchanges of Sluice, declared by gateway and worker alike. Only what RabbitMQ 3.10
 * and every 4.x understand in the same way:
 *
 * <ul>
 *   <li>A lane is a durable quorum queue, published to by its name. Messages that come back more
 *       than 20 times are dead-lettered to the poison queue: at least once, which also needs {@code
 *       reject-publish}, though without a length nothing is ever rejected.
 *   <li>A rung of the retry ladder is a queue whose messages all live equally long, as only its
 *       head expires, behind a fanout exchange of its own. The routing key that it is published
 *       with is the retry lane's name, where the expired message is then routed to.
 *   <li>A warm lane is a rung, too, out of which its worker pulls; its messages have a shorter life
 *       of their own, and none is put behind one that lives longer.
 *   <li>The dead queue is bounded: the oldest go after seven days or beyond its length.
 * </ul>
 */
final class Topology {
  /** Where a message is published to. */
  record Route(String exchange, String key) {}

  private static final Logger LOG = LoggerFactory.getLogger(Topology.class);
  private static final String DEFAULT_EXCHANGE = "";
  private static final int HAND_OUTS = 20;

  /** Channels on which queues are made at the same time. */
  private static final int MAKERS = 4;

  /** For queues that only people and the poison sweep read; without it 4.x would take 20. */
  private static final int HAND_OUTS_ASIDE = 1_000_000;

  private final Settings settings;
  private final Map<String, Map<String, Object>> queues = new LinkedHashMap<>();
  private final AtomicBoolean repairing = new AtomicBoolean();
  private volatile long settledAtNanos = System.nanoTime();

  Topology(Settings settings, List<Pool> pools) {
    this.settings = settings;
    queues.put(queue(Lane.Aside.POISON), poison());
    queues.put(queue(Lane.Aside.DEAD), dead());
    for (Pool pool : pools) {
      Lane.of(pool).forEach(lane -> queues.put(queue(lane), lane()));
    }
    for (Lane.Delay rung : Lane.Delay.values()) {
      queues.put(queue(rung), rung(settings.pace().apply(rung.waits())));
    }
    warm().forEach(lane -> queues.put(queue(lane), rung(Lane.Warm.WAIT_MOST)));
  }

  /** The name of a lane's queue. */
  String queue(Lane lane) {
    return settings.prefix() + "/" + label(lane);
  }

  Set<String> queues() {
    return Set.copyOf(queues.keySet());
  }

  /** What a queue is made with, which has to be the same in every version that makes it. */
  Map<String, Object> arguments(String queue) {
    return queues.get(queue);
  }

  boolean declares(Lane lane) {
    return declares(queue(lane));
  }

  boolean declares(String queue) {
    return queues.containsKey(queue);
  }

  Route route(Lane lane, Job job) {
    if (leadsToRetry(lane)) {
      return new Route(queue(lane), queue(new Lane.Retry(job.pool(), job.jobClass())));
    }
    return route(lane);
  }

  /** Over a rung of the ladder. */
  Route route(Lane.Delay rung, Lane.Retry home) {
    return new Route(queue(rung), queue(home));
  }

  /** Whether what is not pulled from a lane moves to its retry lane by itself. */
  static boolean leadsToRetry(Lane lane) {
    return lane instanceof Lane.Delay || lane instanceof Lane.Warm;
  }

  /** Lanes behind an exchange of their own. */
  List<Lane> behindExchanges() {
    return Stream.concat(Stream.of(Lane.Delay.values()), warm()).toList();
  }

  private static Stream<Lane> warm() {
    return IntStream.range(0, Lane.Warm.NUMBERS).mapToObj(Lane.Warm::new);
  }

  /** Straight to a lane's queue. */
  Route route(Lane lane) {
    return new Route(DEFAULT_EXCHANGE, queue(lane));
  }

  /** Straight to the queue of this name. */
  Route straight(String queue) {
    return new Route(DEFAULT_EXCHANGE, queue);
  }

  /** How much longer new lanes keep the process from being ready; zero or less when settled. */
  Duration settling() {
    return Duration.ofNanos(settledAtNanos - System.nanoTime());
  }

  /**
   * Makes what is missing. What exists is left as it is, and costs one round trip: 330 lanes are
   * looked for in some 50 ms and made in about a second.
   */
  synchronized void declare(Connection connection) throws IOException, TimeoutException {
    List<String> missing = missing(connection);
    create(connection, missing);
    if (!missing.isEmpty()) {
      settledAtNanos = System.nanoTime() + settings.settling().toNanos();
      LOG.info("created {} queues", missing.size());
    }
    bindRungs(connection);
  }

  /** Somebody deleted a lane: makes it again, in the background, one attempt at a time. */
  void repair(Connection connection) {
    if (repairing.compareAndSet(false, true)) {
      Thread.startVirtualThread(
          () -> {
            try {
              LOG.warn("a lane is missing and is made again; what it held is lost");
              declare(connection);
            } catch (IOException | TimeoutException | RuntimeException e) {
              LOG.warn("a missing lane could not be made again: {}", e.toString());
            } finally {
              repairing.set(false);
            }
          });
    }
  }

  /** On one channel, which only a queue that is not there makes the broker close. */
  private List<String> missing(Connection connection) throws IOException, TimeoutException {
    List<String> missing = new ArrayList<>();
    Channel channel = Channels.open(connection);
    try {
      for (String queue : queues.keySet()) {
        if (!exists(channel, queue)) {
          missing.add(queue);
          channel = Channels.open(connection);
        }
      }
    } finally {
      if (channel.isOpen()) {
        channel.close();
      }
    }
    return missing;
  }

  private static boolean exists(Channel channel, String queue) throws IOException {
    try {
      channel.queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      if (Channels.isNotFound(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Several at a time: one takes the broker 10 to 20 ms, most of it waiting. */
  private void create(Connection connection, List<String> missing)
      throws IOException, TimeoutException {
    Queue<String> left = new ConcurrentLinkedQueue<>(missing);
    List<Future<?>> makers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < Math.min(MAKERS, missing.size()); n++) {
        makers.add(threads.submit(() -> createAll(connection, left)));
      }
    }
    for (Future<?> maker : makers) {
      await(maker);
    }
  }

  private Void createAll(Connection connection, Queue<String> left)
      throws IOException, TimeoutException {
    try (Channel channel = Channels.open(connection)) {
      for (String queue = left.poll(); queue != null; queue = left.poll()) {
        channel.queueDeclare(queue, true, false, false, queues.get(queue));
      }
    }
    return null;
  }

  private static void await(Future<?> ended) throws IOException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      throw new IOException("a queue could not be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while queues were made", e);
    }
  }

  private void bindRungs(Connection connection) throws IOException, TimeoutException {
    try (Channel channel = Channels.open(connection)) {
      for (Lane rung : behindExchanges()) {
        channel.exchangeDeclare(queue(rung), "fanout", true);
        channel.queueBind(queue(rung), queue(rung), "");
      }
    }
  }

  private Map<String, Object> lane() {
    return Map.of(
        "x-queue-type",
        "quorum",
        "x-delivery-limit",
        HAND_OUTS,
        "x-overflow",
        "reject-publish",
        "x-dead-letter-exchange",
        DEFAULT_EXCHANGE,
        "x-dead-letter-routing-key",
        queue(Lane.Aside.POISON),
        "x-dead-letter-strategy",
        "at-least-once");
  }

  private static Map<String, Object> rung(Duration waits) {
    return Map.of(
        "x-queue-type",
        "quorum",
        "x-delivery-limit",
        HAND_OUTS_ASIDE,
        "x-message-ttl",
        waits.toMillis(),
        "x-overflow",
        "reject-publish",
        "x-dead-letter-exchange",
        DEFAULT_EXCHANGE,
        "x-dead-letter-strategy",
        "at-least-once");
  }

  private static Map<String, Object> poison() {
    return Map.of("x-queue-type", "quorum", "x-delivery-limit", HAND_OUTS_ASIDE);
  }

  private static Map<String, Object> dead() {
    return Map.of(
        "x-queue-type",
        "quorum",
        "x-delivery-limit",
        HAND_OUTS_ASIDE,
        "x-overflow",
        "drop-head",
        "x-max-length",
        100_000,
        "x-max-length-bytes",
        1024L * 1024 * 1024,
        "x-message-ttl",
        Duration.ofDays(7).toMillis());
  }

  private String label(Lane lane) {
    if (lane instanceof Lane.Delay rung) {
      Duration wait = settings.pace().apply(rung.waits());
      return wait.equals(rung.waits()) ? rung.label() : "delay/" + wait.toMillis() + "ms";
    }
    return lane.label();
  }
}
