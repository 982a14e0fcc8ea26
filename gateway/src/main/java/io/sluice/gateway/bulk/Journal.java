package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was got of an undertaking, one entry for each of its numbered pieces, in the order in which
 * they came. An entry is durable after {@link #flush}, or within {@link #FLUSH_EVERY}.
 *
 * <p>It is a folder of segments, each a file that is named by the number of its first entry and is
 * only ever created. So of two gateways that write at once one creates the next segment, and the
 * other reads that and goes on behind it: numbers are never given twice, and no piece has two
 * entries.
 *
 * <p>Safe from any thread.
 */
public final class Journal implements AutoCloseable {
  /** How long an entry waits for others to be written with. */
  public static final Duration FLUSH_EVERY = Duration.ofSeconds(1);

  /** How much may wait to be written before {@link #add} waits too. */
  private static final int PENDING_BYTES_MAX = 8 << 20;

  /** How long a segment gets, but for one entry: each reader has one in memory. */
  static final int SEGMENT_BYTES_MAX = 1 << 20;

  private final Segments segments;
  private final BitSet pieces = new BitSet();
  private final List<Line> pending = new ArrayList<>();
  private final Thread flusher;
  private long last;
  private int pendingBytes;
  private boolean isWriting;
  private boolean isClosed;
  private RuntimeException broken;

  private Journal(FileStore files, String folder) {
    this.segments = new Segments(files, folder);
    this.flusher = Thread.ofVirtual().name("sluice-journal").unstarted(this::flushNowAndThen);
  }

  /**
   * Opens it to add to it.
   *
   * @param each gets what is there already, in order
   */
  public static Journal open(FileStore files, String folder, Consumer<Entry> each) {
    Journal journal = new Journal(files, folder);
    journal.catchUp(each);
    journal.flusher.start();
    return journal;
  }

  /** Whether there is an entry for this piece. */
  public synchronized boolean has(int piece) {
    return pieces.get(piece);
  }

  /** How many pieces have an entry. */
  public synchronized int size() {
    return pieces.cardinality();
  }

  /**
   * Adds an entry, unless the piece has one. Waits while too much is not yet written.
   *
   * @return false if it had one
   * @throws Unavailable if what was added before could not be written
   */
  public synchronized boolean add(int piece, JsonNode json) throws InterruptedException {
    while (pendingBytes > PENDING_BYTES_MAX && broken == null) {
      wait();
    }
    orThrow();
    if (pieces.get(piece)) {
      return false;
    }
    pieces.set(piece);
    Line line = Line.of(piece, json);
    pending.add(line);
    pendingBytes += line.bytes().length;
    return true;
  }

  /** Returns when everything that was added is durable. */
  public void flush() throws InterruptedException {
    writeAll();
    synchronized (this) {
      while (isWriting && broken == null) {
        wait();
      }
      orThrow();
    }
  }

  /** Writes nothing more: what is pending is lost, and got again by whoever goes on. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    flusher.interrupt();
  }

  private void flushNowAndThen() {
    try {
      while (!Thread.interrupted()) {
        Thread.sleep(FLUSH_EVERY);
        writeAll();
      }
    } catch (InterruptedException closed) {
      // Nobody waits for it.
    } catch (RuntimeException told) {
      // Who adds or flushes is told of it.
    }
  }

  private void writeAll() throws InterruptedException {
    while (write()) {
      // Another segment.
    }
  }

  /**
   * A segment. One at a time; who comes meanwhile waits for its turn.
   *
   * @return whether there was something to write
   */
  private boolean write() throws InterruptedException {
    List<Line> lines;
    synchronized (this) {
      while (isWriting && broken == null) {
        wait();
      }
      orThrow();
      if (pending.isEmpty() || isClosed) {
        return false;
      }
      lines = List.copyOf(pending.subList(0, oneSegment()));
      isWriting = true;
    }
    try {
      List<Line> left = lines;
      while (!left.isEmpty() && !segments.create(last() + 1, left)) {
        left = without(left, overtakenBy());
      }
      written(lines, left.size());
    } catch (RuntimeException e) {
      fail(e);
    }
    return true;
  }

  /** How many of those that are pending are one; called with something pending. */
  private int oneSegment() {
    int bytes = pending.getFirst().bytes().length;
    int lines = 1;
    while (lines < pending.size()) {
      bytes += pending.get(lines).bytes().length;
      if (bytes > SEGMENT_BYTES_MAX) {
        return lines;
      }
      lines++;
    }
    return lines;
  }

  private synchronized long last() {
    return last;
  }

  /** What another gateway wrote meanwhile. */
  private BitSet overtakenBy() {
    BitSet others = new BitSet();
    catchUp(entry -> others.set(entry.piece()));
    return others;
  }

  private static List<Line> without(List<Line> lines, BitSet others) {
    return lines.stream().filter(line -> !others.get(line.piece())).toList();
  }

  private void catchUp(Consumer<Entry> each) {
    List<Entry> some = segments.at(last() + 1);
    while (!some.isEmpty()) {
      some.forEach(this::seen);
      some.forEach(each);
      some = segments.at(last() + 1);
    }
  }

  private synchronized void seen(Entry entry) {
    last = entry.seq();
    pieces.set(entry.piece());
  }

  private synchronized void written(List<Line> lines, int entries) {
    last += entries;
    pending.subList(0, lines.size()).clear();
    pendingBytes -= lines.stream().mapToInt(line -> line.bytes().length).sum();
    isWriting = false;
    notifyAll();
  }

  private synchronized void fail(RuntimeException why) {
    broken = why;
    isWriting = false;
    notifyAll();
  }

  private void orThrow() {
    if (broken != null) {
      throw broken;
    }
  }

  /**
   * One entry.
   *
   * @param seq from 1, without gaps, in the order of their coming
   * @param piece which piece of the undertaking it is of, from 0
   */
  public record Entry(long seq, int piece, JsonNode json) {}
}
