package io.sluice.rabbitmq;

import com.rabbitmq.client.BlockedCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.sluice.JobQueue.Publish;
import io.sluice.Unavailable;
import io.sluice.rabbitmq.Publication.Parcel;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that publishes. It may be stuck in a write for as long as the broker does not
 * read, so a timer of its own keeps the deadlines. What waits for it is bounded, in number and in
 * bytes.
 */
final class Publisher implements AutoCloseable {
  /** The largest message that RabbitMQ 4 takes is 16 MiB unless it is told otherwise. */
  static final int LARGEST_BYTES = 12 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final int WAITING_AT_MOST = 10_000;
  private static final long WAITING_BYTES_AT_MOST = 256L * 1024 * 1024;

  private final Topology topology;
  private final Settings settings;
  private final BlockingQueue<Publication> waiting = new LinkedBlockingQueue<>(WAITING_AT_MOST);
  private final AtomicLong bytes = new AtomicLong();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("sluice-publish-timer").factory());
  private final Thread thread =
      Thread.ofPlatform().daemon().name("sluice-publisher").unstarted(this::run);

  /** Guards the two below it; signalled when the broker takes messages again. */
  private final Object gate = new Object();

  private Confirms open;
  private String blocked;
  private volatile boolean closed;

  Publisher(Topology topology, Settings settings) {
    this.topology = topology;
    this.settings = settings;
    timer.setRemoveOnCancelPolicy(true);
  }

  void start() {
    thread.start();
  }

  /** Takes over a fresh connection. */
  void attach(Connection connection) throws IOException, TimeoutException {
    topology.declare(connection);
    Channel channel = Channels.open(connection);
    Confirms confirms = new Confirms(channel, queue -> unroutable(queue, connection));
    confirms.listen();
    connection.addBlockedListener(blockedBy(confirms), () -> blocked(confirms, null));
    open(confirms);
    channel.addShutdownListener(
        cause -> {
          lost(confirms);
          if (!cause.isHardError() && !closed) {
            // The broker closed only the channel. Begin anew, but not on this, the reader's thread.
            Thread.startVirtualThread(() -> connection.abort(2000));
          }
        });
  }

  /** Why the broker takes nothing at present. */
  Optional<String> trouble() {
    synchronized (gate) {
      if (open == null) {
        return Optional.of("no connection to publish on");
      }
      return Optional.ofNullable(blocked).map(why -> "RabbitMQ takes no messages: " + why);
    }
  }

  /** A submission: refused at once while the broker takes nothing. */
  Future<Publish> publish(Parcel parcel) {
    synchronized (gate) {
      if (open == null) {
        return Future.failedFuture(new Unavailable("queue", "no connection to RabbitMQ"));
      }
      if (blocked != null) {
        return Future.succeededFuture(Publish.REFUSED);
      }
    }
    return submit(new Publication(parcel, false, settings.publishWithin().toNanos()));
  }

  /** A message that moves on: waits for the broker, and fails unless it was confirmed. */
  Future<Void> forward(Parcel parcel) {
    return submit(new Publication(parcel, true, settings.retryWithin().toNanos()))
        .compose(
            result ->
                switch (result) {
                  case CONFIRMED -> Future.succeededFuture();
                  case REFUSED ->
                      Future.failedFuture(new Unavailable("queue", "RabbitMQ refused a message"));
                  case UNKNOWN ->
                      Future.failedFuture(new Unavailable("queue", "no answer from RabbitMQ"));
                });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    timer.shutdownNow();
    waiting.forEach(it -> it.unavailable("closed"));
    synchronized (gate) {
      if (open != null) {
        open.lost();
      }
    }
  }

  private Future<Publish> submit(Publication publication) {
    int size = publication.parcel().bytesAbout();
    if (bytes.addAndGet(size) > WAITING_BYTES_AT_MOST) {
      bytes.addAndGet(-size);
      return Future.succeededFuture(Publish.REFUSED);
    }
    Future<Publish> answer = publication.future().onComplete(ended -> bytes.addAndGet(-size));
    try {
      publication.alarm(
          timer.schedule(() -> expire(publication), publication.nanosLeft(), TimeUnit.NANOSECONDS));
      if (!waiting.offer(publication)) {
        publication.refused();
      }
    } catch (RejectedExecutionException e) {
      publication.unavailable("closed");
    }
    return answer;
  }

  private void expire(Publication publication) {
    publication.expire();
    waiting.remove(publication);
  }

  private void run() {
    try {
      while (!closed) {
        sendSafely(waiting.take());
      }
    } catch (InterruptedException e) {
      LOG.debug("the publisher ends");
    }
  }

  /** What breaks under one message must not end the publishing of all others. */
  private void sendSafely(Publication publication) throws InterruptedException {
    try {
      send(publication);
    } catch (RuntimeException e) {
      LOG.error("{} could not be published", publication.parcel().messageId(), e);
      publication.unknown();
    }
  }

  private void send(Publication publication) throws InterruptedException {
    byte[] body = publication.isWaiting() ? publication.parcel().body().get() : new byte[0];
    if (body.length > LARGEST_BYTES && !publication.isPatient()) {
      publication.refused();
      return;
    }
    Optional<Confirms> confirms = awaitBroker(publication);
    if (confirms.isPresent() && confirms.get().awaitPlace(publication)) {
      confirms.get().send(publication, body);
    }
  }

  /** The channel to send on, or nothing once the publication has ended. */
  private Optional<Confirms> awaitBroker(Publication publication) throws InterruptedException {
    synchronized (gate) {
      while (publication.isWaiting()) {
        if (open != null && blocked == null) {
          return Optional.of(open);
        }
        if (!publication.isPatient()) {
          giveUp(publication);
          return Optional.empty();
        }
        gate.wait(publication.millisLeft() + 1);
      }
      return Optional.empty();
    }
  }

  private void giveUp(Publication publication) {
    if (open == null) {
      publication.unavailable("the connection to RabbitMQ was lost");
    } else {
      publication.refused();
    }
  }

  private void unroutable(String queue, Connection connection) {
    if (topology.declares(queue)) {
      topology.repair(connection);
    }
  }

  private void open(Confirms confirms) {
    synchronized (gate) {
      open = confirms;
      blocked = null;
      gate.notifyAll();
    }
  }

  private void lost(Confirms confirms) {
    synchronized (gate) {
      if (open == confirms) {
        open = null;
        blocked = null;
      }
    }
    confirms.lost();
  }

  private BlockedCallback blockedBy(Confirms confirms) {
    return reason -> blocked(confirms, reason);
  }

  private void blocked(Confirms confirms, String reason) {
    synchronized (gate) {
      if (open == confirms) {
        blocked = reason;
        gate.notifyAll();
      }
    }
    if (reason == null) {
      LOG.info("RabbitMQ takes messages again");
    } else {
      LOG.warn("RabbitMQ takes no messages: {}", reason);
    }
  }
}
