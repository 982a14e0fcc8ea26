package io.sluice.documents;

import io.sluice.TextExtraction;
import io.sluice.Unavailable;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Extracts text in a few processes of its own: what a document does to one of them, it does to no
 * other document. They are kept for the next document while they are of use, and end with the
 * server even if that is killed.
 */
public final class ReaderProcesses implements TextExtraction, AutoCloseable {
  /** Then a process is replaced, whatever its libraries have gathered. */
  private static final int DOCUMENTS_MAX = 500;

  private static final Duration LOOK = Duration.ofSeconds(10);

  private record Idle(ReaderProcess process, long sinceMillis) {}

  private final Settings settings;
  private final InstantSource clock;
  private final Semaphore turns;
  private final Deadlines deadlines = new Deadlines();

  // Guarded by this.
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final Set<ReaderProcess> all = new HashSet<>();
  private boolean closed;

  /**
   * What extraction may cost as a whole.
   *
   * @param processesMax how many documents are read at a time
   * @param heapBytes of each process; it takes up about 100 MiB besides
   * @param workMax how long a processor may be busy with one document
   * @param idleMax how long a process without work is kept
   */
  public record Settings(int processesMax, long heapBytes, Duration workMax, Duration idleMax) {
    /** Two processes of 256 MiB, half a minute of a processor for a document; kept for a minute. */
    public static final Settings STANDARD =
        new Settings(2, 256L << 20, Duration.ofSeconds(30), Duration.ofMinutes(1));

    public Settings {
      boolean times = workMax.isPositive() && idleMax.isPositive();
      if (processesMax < 1 || heapBytes < 32 << 20 || !times) {
        throw new IllegalArgumentException("too little to read documents with");
      }
    }
  }

  public ReaderProcesses(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.turns = new Semaphore(settings.processesMax(), true);
    deadlines.every(LOOK, this::endIdle);
  }

  @Override
  public Extraction extract(InputStream document, String filename, Bounds bounds) {
    awaitTurn();
    try {
      ReaderProcess process = take();
      try {
        return process.extract(document, filename, bounds, settings.workMax());
      } finally {
        giveBack(process);
      }
    } finally {
      turns.release();
    }
  }

  private void awaitTurn() {
    try {
      turns.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Unavailable("extraction", "the wait for a turn was interrupted", interrupted);
    }
  }

  private ReaderProcess take() {
    while (true) {
      ReaderProcess kept = kept();
      if (kept == null) {
        return started();
      }
      if (!kept.spent()) {
        return kept;
      }
      end(kept);
    }
  }

  /** The one that worked last, so that the others become idle; null if there is none. */
  private synchronized ReaderProcess kept() {
    if (closed) {
      throw new Unavailable("extraction", "the server is ending");
    }
    Idle last = idle.pollLast();
    return last == null ? null : last.process();
  }

  private ReaderProcess started() {
    ReaderProcess process = ReaderProcess.start(settings.heapBytes(), deadlines);
    synchronized (this) {
      if (!closed) {
        all.add(process);
        return process;
      }
    }
    process.close();
    throw new Unavailable("extraction", "the server is ending");
  }

  private void giveBack(ReaderProcess process) {
    if (process.spent() || process.documents() >= DOCUMENTS_MAX) {
      end(process);
      return;
    }
    synchronized (this) {
      idle.addLast(new Idle(process, clock.millis()));
    }
  }

  private void end(ReaderProcess process) {
    synchronized (this) {
      all.remove(process);
    }
    process.close();
  }

  private void endIdle() {
    List<ReaderProcess> unused = new ArrayList<>();
    synchronized (this) {
      long before = clock.millis() - settings.idleMax().toMillis();
      while (!idle.isEmpty() && idle.peekFirst().sinceMillis() <= before) {
        unused.add(idle.pollFirst().process());
      }
    }
    unused.forEach(this::end);
  }

  /** The processes that are there now. */
  synchronized List<Long> pids() {
    return all.stream().map(ReaderProcess::pid).toList();
  }

  /** Ends all processes by force; a document that is being read has crashed. */
  @Override
  public void close() {
    List<ReaderProcess> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(all);
      idle.clear();
      all.clear();
    }
    open.forEach(ReaderProcess::close);
    deadlines.close();
  }
}
