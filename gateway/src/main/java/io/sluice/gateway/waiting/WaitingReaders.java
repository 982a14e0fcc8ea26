package io.sluice.gateway.waiting;

import io.sluice.Forecast;
import io.sluice.JobRecord;
import io.sluice.Lines;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells the readers of waiting jobs where these stand, once a second at most and only where it
 * changed. One wheel turns for all of them, and one look at its pool serves all readers of a spoke;
 * of more than 10,000 each is told less often. Readers come and go from any thread.
 */
public final class WaitingReaders {
  private static final int SPOKES = 10;
  private static final long TICK_MS = 100;
  private static final int TOLD_PER_TICK_MAX = 1_000;

  private final Vertx vertx;
  private final Outlooks outlooks;
  private final List<Spoke> spokes =
      IntStream.range(0, SPOKES).mapToObj(index -> new Spoke()).toList();
  private volatile int at;
  private long timer;

  public WaitingReaders(Vertx vertx, Outlooks outlooks) {
    this.vertx = vertx;
    this.outlooks = outlooks;
  }

  public void start() {
    timer = vertx.setPeriodic(TICK_MS, fired -> turn());
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  /**
   * One more reader of a job that waits, which is told at once and then at every change.
   *
   * @param tell is called on any thread and must not block
   */
  public Subscription add(JobRecord record, Consumer<Forecast> tell) {
    Reader reader = new Reader(record, tell);
    Set<Reader> spoke = spokes.get(at).readers;
    spoke.add(reader);
    outlooks.lines(record.job().pool()).onSuccess(known -> known.ifPresent(reader::look));
    return () -> spoke.remove(reader);
  }

  private void turn() {
    at = (at + 1) % SPOKES;
    Map<Pool, List<Reader>> due =
        spokes.get(at).next().stream().collect(Collectors.groupingBy(Reader::pool));
    due.forEach(
        (pool, readers) ->
            outlooks
                .lines(pool)
                .onSuccess(
                    known ->
                        known.ifPresent(lines -> readers.forEach(reader -> reader.look(lines)))));
  }

  /** Some of the readers. Its place belongs to the one timer. */
  private static final class Spoke {
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private Iterator<Reader> rest = Collections.emptyIterator();

    /** Up to so many, from where the last turn stopped. */
    List<Reader> next() {
      if (!rest.hasNext()) {
        rest = readers.iterator();
      }
      List<Reader> due = new ArrayList<>();
      while (rest.hasNext() && due.size() < TOLD_PER_TICK_MAX) {
        due.add(rest.next());
      }
      return due;
    }
  }

  /** One reader, and what it was told last. */
  private static final class Reader {
    private final JobRecord record;
    private final Consumer<Forecast> tell;
    private Optional<Forecast> told = Optional.empty();

    Reader(JobRecord record, Consumer<Forecast> tell) {
      this.record = record;
      this.tell = tell;
    }

    Pool pool() {
      return record.job().pool();
    }

    synchronized void look(Lines lines) {
      Outlooks.forecast(lines, record)
          .filter(now -> told.isEmpty() || Changes.matter(told.get(), now, Instant.now()))
          .ifPresent(
              now -> {
                told = Optional.of(now);
                tell.accept(now);
              });
    }
  }
}
