package io.sluice.documents;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import io.sluice.Unavailable;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One process that reads documents, one at a time. Whoever has it must end it; used by one thread
 * at a time, and ended from any.
 */
final class ReaderProcess implements AutoCloseable {
  /** A machine with all its processors busy starts one in seconds. */
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private static final Duration DEATH_MAX = Duration.ofSeconds(5);

  /** What a virtual machine ends with when memory is short. */
  private static final int OUT_OF_MEMORY = 3;

  private final Process process;
  private final TemporaryFolder folder;
  private final Deadlines deadlines;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int documents;
  private boolean spent;

  private ReaderProcess(Process process, TemporaryFolder folder, Deadlines deadlines) {
    this.process = process;
    this.folder = folder;
    this.deadlines = deadlines;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
  }

  /** Fails with {@link Unavailable} where no process can be had. */
  static ReaderProcess start(long heapBytes, Deadlines deadlines) {
    TemporaryFolder folder = TemporaryFolder.create();
    try {
      Process process = ReaderCommand.of(heapBytes, folder.path()).start();
      ReaderProcess reader = new ReaderProcess(process, folder, deadlines);
      reader.awaitReady();
      return reader;
    } catch (IOException failed) {
      folder.remove();
      throw new Unavailable("extraction", "no process to read documents can be started", failed);
    }
  }

  private void awaitReady() {
    Deadlines.Deadline deadline = deadlines.in(START_MAX, process::destroyForcibly);
    try {
      if (in.read() == Wire.READY) {
        return;
      }
    } catch (IOException broken) {
      // As if it had ended.
    } finally {
      deadline.keep();
    }
    close();
    throw new Unavailable(
        "extraction", "a process to read documents ended at its start with " + exit());
  }

  /**
   * Reads a document; afterwards {@link #spent()} says whether the process can read another.
   *
   * @param workMax how long a processor may be busy with it
   */
  Extraction extract(InputStream document, String filename, Bounds bounds, Duration workMax) {
    documents++;
    Deadlines.Deadline deadline =
        deadlines.when(left(bounds.timeMax(), workMax), process::destroyForcibly);
    try {
      return exchange(document, filename, bounds);
    } catch (IOException broken) {
      spent = true;
      return ending(!deadline.keep());
    } catch (RuntimeException source) {
      spent = true;
      throw source;
    } finally {
      deadline.keep();
    }
  }

  private Extraction exchange(InputStream document, String filename, Bounds bounds)
      throws IOException {
    Optional<Refused> kept = new Sending(out, bounds).send(document, filename);
    if (kept.isPresent()) {
      return kept.get();
    }
    Extraction extraction = new Receiving(in, bounds.charactersMax()).receive();
    spent = in.readUnsignedByte() != Wire.GO_ON;
    return extraction;
  }

  /** On a busy machine an honest document takes long and works little: it is not to suffer. */
  private Supplier<Duration> left(Duration timeMax, Duration workMax) {
    long started = System.nanoTime();
    Duration before = process.info().totalCpuDuration().orElse(Duration.ZERO);
    return () -> {
      Duration passed = Duration.ofNanos(System.nanoTime() - started);
      Duration worked =
          process.info().totalCpuDuration().map(all -> all.minus(before)).orElse(passed);
      Duration time = timeMax.minus(passed);
      Duration work = workMax.minus(worked);
      return time.compareTo(work) < 0 ? time : work;
    };
  }

  private Extraction ending(boolean late) {
    if (late) {
      return new Refused(
          Reason.TIMED_OUT, "The document was not read in the time that one may take.");
    }
    return exit() == OUT_OF_MEMORY
        ? new Refused(Reason.TOO_COSTLY, "The document needs more memory than one may cost.")
        : new Refused(Reason.CRASHED, "The process that read the document ended.");
  }

  /** How the process ended; -1 if it has not. */
  private int exit() {
    try {
      return process.waitFor(DEATH_MAX.toMillis(), TimeUnit.MILLISECONDS)
          ? process.exitValue()
          : -1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** How many documents it was given. */
  int documents() {
    return documents;
  }

  /** Whether it must be replaced. */
  boolean spent() {
    return spent || !process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Ends it by force, with its files. */
  @Override
  public void close() {
    process.destroyForcibly();
    exit();
    folder.remove();
    try {
      process.getInputStream().close();
      process.getOutputStream().close();
    } catch (IOException gone) {
      // The process is; what was not flushed is of no use to anybody.
    }
  }
}
