package io.sluice.cli.compose;

import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process has opened, closed in the reverse order, each within a time of its own: one that
 * hangs does not keep the others open. Closed by one thread; what others add while it is being
 * closed is closed too.
 */
public final class Stack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stack.class);
  private static final Duration STANDARD = Duration.ofSeconds(10);

  private final Deque<Open> open = new ConcurrentLinkedDeque<>();

  /** Remembers something to be closed, and returns it. */
  public <T extends AutoCloseable> T push(String name, T part) {
    push(name, STANDARD, part);
    return part;
  }

  /** Remembers something that may take this long to be closed. */
  public void push(String name, Duration within, AutoCloseable part) {
    open.push(new Open(name, within, part));
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(Open open) {
    Thread closing = Thread.ofVirtual().name("close-" + open.name()).start(() -> quietly(open));
    try {
      if (!closing.join(open.within())) {
        LOG.warn("{} did not stop within {} s", open.name(), open.within().toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void quietly(Open open) {
    try {
      open.part().close();
    } catch (Exception e) {
      LOG.warn("{} did not stop cleanly: {}", open.name(), e.toString());
    }
  }

  private record Open(String name, Duration within, AutoCloseable part) {}
}
