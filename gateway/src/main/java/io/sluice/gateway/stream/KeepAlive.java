package io.sluice.gateway.stream;

import io.sluice.Subscription;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One wheel for the keep-alive of all streams: a single timer turns it, and each spoke's streams
 * beat once a turn. A timer per stream would cost thousands of them.
 */
public final class KeepAlive {
  private static final int SPOKES = 15;

  private final Vertx vertx;
  private final long tickMs;
  private final List<Set<Beating>> spokes =
      IntStream.range(0, SPOKES)
          .<Set<Beating>>mapToObj(spoke -> ConcurrentHashMap.newKeySet())
          .toList();
  private volatile int at;
  private long timer;

  public KeepAlive(Vertx vertx, Duration interval) {
    this.vertx = vertx;
    this.tickMs = interval.toMillis() / SPOKES;
  }

  public void start() {
    timer = vertx.setPeriodic(tickMs, fired -> turn());
  }

  /** Stops the wheel and ends every stream, so that its reader goes on elsewhere. */
  public void stop() {
    vertx.cancelTimer(timer);
    spokes.forEach(spoke -> spoke.forEach(Beating::leave));
  }

  /** Beats from one whole turn from now on. */
  public Subscription add(Beating stream) {
    Set<Beating> spoke = spokes.get(at);
    spoke.add(stream);
    return () -> spoke.remove(stream);
  }

  private void turn() {
    int next = (at + 1) % SPOKES;
    at = next;
    spokes.get(next).forEach(Beating::beat);
  }

  /** What is kept alive. Called on any thread. */
  public interface Beating {
    /** A whole turn went by. */
    void beat();

    /** The gateway goes. */
    void leave();
  }
}
