package io.sluice.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that is made anew, and set up anew, whenever it is lost. */
final class Link implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final Duration STABLE = Duration.ofSeconds(5);
  private static final int CLOSE_MILLIS = 2000;

  /** Prepares a fresh connection; only then is it given to anybody. */
  interface Setup {
    void prepare(Connection connection) throws IOException, TimeoutException;
  }

  private final Broker broker;
  private final String name;
  private final Setup setup;
  private final Backoff backoff = new Backoff();
  private final Thread thread;
  private volatile Connection connection;
  private volatile String reason = "not connected yet";
  private volatile boolean closed;

  Link(Broker broker, String name, Setup setup) {
    this.broker = broker;
    this.name = name;
    this.setup = setup;
    this.thread = Thread.ofPlatform().daemon().name(name.replace(' ', '-')).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Optional<Connection> connection() {
    Connection current = connection;
    return current != null && current.isOpen() ? Optional.of(current) : Optional.empty();
  }

  /** Why there is no connection, or nothing while there is one. */
  Optional<String> trouble() {
    return connection().isPresent()
        ? Optional.empty()
        : Optional.of("no connection to RabbitMQ at " + broker + ": " + reason);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(2L * CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      long begun = System.nanoTime();
      try {
        stayConnected();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | TimeoutException | RuntimeException e) {
        lost(e);
      }
      if (System.nanoTime() - begun > STABLE.toNanos()) {
        backoff.reset();
      }
      if (!pause()) {
        return;
      }
    }
  }

  /** Returns when the connection was lost. */
  private void stayConnected() throws IOException, TimeoutException, InterruptedException {
    Connection fresh = broker.connect(name);
    try {
      CountDownLatch gone = new CountDownLatch(1);
      fresh.addShutdownListener(cause -> gone.countDown());
      setup.prepare(fresh);
      connection = fresh;
      reason = "it was lost";
      LOG.info("{}: connected to RabbitMQ at {}", name, broker);
      gone.await();
      lost(fresh.getCloseReason());
    } finally {
      connection = null;
      // Within a bound, even if the broker does not answer any more.
      fresh.abort(CLOSE_MILLIS);
    }
  }

  private void lost(Exception why) {
    String said = describe(why);
    if (!said.equals(reason) && !closed) {
      LOG.warn("{}: no connection to RabbitMQ at {}: {}", name, broker, said);
    }
    reason = said;
  }

  private boolean pause() {
    try {
      Thread.sleep(backoff.next());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static String describe(Exception why) {
    Throwable root = why;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root instanceof ShutdownSignalException signal
        ? String.valueOf(signal.getReason())
        : root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
