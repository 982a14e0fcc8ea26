package io.sluice.gateway;

import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Lane;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue in memory that answers publications as a test wants. */
final class MemoryQueue implements JobQueue {
  private final Map<Lane, Deque<JobMessage>> lanes = new HashMap<>();
  final List<String> dead = new ArrayList<>();
  final AtomicInteger released = new AtomicInteger();

  /** So many messages cannot be laid aside, and go back to their lane. */
  int deadToFail;

  /** Of this lane nobody can say how much waits in it. */
  volatile Optional<Lane> unseen = Optional.empty();

  /** How the next publications are answered. */
  volatile Publishing publishing = Publishing.CONFIRMS;

  enum Publishing {
    CONFIRMS,
    REFUSES,
    /** Stored, but the answer gets lost. */
    STORES_WITHOUT_ANSWER,
    /** The Future never completes. */
    HANGS,
    /** There is nobody to send it to. */
    AWAY
  }

  @Override
  public synchronized Future<Publish> publish(Lane lane, JobMessage message) {
    return switch (publishing) {
      case CONFIRMS -> {
        add(lane, message);
        yield Future.succeededFuture(Publish.CONFIRMED);
      }
      case REFUSES -> Future.succeededFuture(Publish.REFUSED);
      case STORES_WITHOUT_ANSWER -> {
        add(lane, message);
        yield Future.succeededFuture(Publish.UNKNOWN);
      }
      case HANGS -> Promise.<Publish>promise().future();
      case AWAY -> Future.failedFuture(new Unavailable("queue", "the test took it away"));
    };
  }

  synchronized void add(Lane lane, JobMessage message) {
    lanes.computeIfAbsent(lane, first -> new ArrayDeque<>()).add(message);
  }

  synchronized List<JobMessage> in(Lane lane) {
    return List.copyOf(lanes.getOrDefault(lane, new ArrayDeque<>()));
  }

  synchronized int size() {
    return lanes.values().stream().mapToInt(Deque::size).sum();
  }

  @Override
  public synchronized Future<Optional<Delivery>> pull(Lane lane) {
    JobMessage message = lanes.getOrDefault(lane, new ArrayDeque<>()).poll();
    return Future.succeededFuture(
        Optional.ofNullable(message).map(found -> new MemoryDelivery(lane, found)));
  }

  @Override
  public synchronized Future<Long> waiting(Lane lane) {
    return unseen.filter(lane::equals).isPresent()
        ? Future.failedFuture(new Unavailable("queue", "the test took this lane away"))
        : Future.succeededFuture((long) in(lane).size());
  }

  private final class MemoryDelivery implements Delivery {
    private final Lane lane;
    private final JobMessage message;
    private boolean settled;

    private MemoryDelivery(Lane lane, JobMessage message) {
      this.lane = lane;
      this.message = message;
    }

    @Override
    public JobMessage message() {
      return message;
    }

    @Override
    public Lane lane() {
      return lane;
    }

    @Override
    public boolean redelivered() {
      return false;
    }

    @Override
    public Future<Void> done() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> retry(int attempt, Duration after) {
      throw new UnsupportedOperationException("the gateway does not retry");
    }

    @Override
    public Future<Void> dead(String reason) {
      synchronized (MemoryQueue.this) {
        if (settled) {
          return Future.failedFuture(new IllegalStateException("settled before"));
        }
        settled = true;
        if (deadToFail > 0) {
          deadToFail--;
          add(lane, message);
          return Future.failedFuture(new Unavailable("queue", "the test took it away"));
        }
        dead.add(message.job().id() + " " + reason);
      }
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> release() {
      released.incrementAndGet();
      add(lane, message);
      return Future.succeededFuture();
    }
  }
}
