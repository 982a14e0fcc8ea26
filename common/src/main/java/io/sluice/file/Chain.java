package io.sluice.file;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Appends to the chain of a folder that other processes append to as well: each batch is written
 * under the lock of the folder, behind whatever they have written. Used by one thread.
 */
final class Chain implements AutoCloseable {
  private final FileAuditConfig config;
  private final InstantSource clock;
  private final Disk disk;
  private final LogFiles files;
  private final CheckpointFile checkpointFile;
  private Optional<State> known = Optional.empty();

  /** The furthest that this process knows the log to go: whoever takes it back is found out. */
  private Checkpoint furthest = Checkpoint.EMPTY;

  private Optional<FileChannel> open = Optional.empty();
  private volatile Optional<String> checkpointTrouble = Optional.empty();
  private volatile Optional<String> pruningTrouble = Optional.empty();

  Chain(FileAuditConfig config, InstantSource clock, Disk disk) {
    this.config = config;
    this.clock = clock;
    this.disk = disk;
    this.files = new LogFiles(config.folder());
    this.checkpointFile = new CheckpointFile(config.checkpoint());
  }

  /** Makes what is missing, and mends what a killed process has left. */
  void prepare() throws IOException {
    OwnerOnly.folder(config.folder());
    append(List.of());
  }

  /**
   * Writes events down; they are on the disk when it returns. If it throws, none of them is in the
   * log.
   */
  void append(List<AuditEvent> events) throws IOException {
    FolderLock lock = FolderLock.take(config.folder());
    try {
      appendLocked(events);
    } catch (IOException | RuntimeException e) {
      forget();
      throw e;
    } finally {
      lock.close();
    }
  }

  /** What is wrong beside the entries: a checkpoint not in its place, old files not deleted. */
  Optional<String> trouble() {
    return checkpointTrouble.or(() -> pruningTrouble);
  }

  private void appendLocked(List<AuditEvent> events) throws IOException {
    List<AuditEvent> batch = new ArrayList<>();
    State state = known.isPresent() && known.get().tail().holds(files) ? known.get() : look(batch);
    known = Optional.of(state);
    batch.addAll(events);
    if (batch.isEmpty()) {
      begin(state);
      return;
    }
    Tail tail = rotated(state.tail());
    Checkpoint checkpoint = state.checkpoint();
    Pruning pruning = tail.bytes() == 0 ? pruning(state) : Pruning.NONE;
    pruning.event(clock.instant()).ifPresent(batch::addFirst);
    if (pruning.kept().isPresent()) {
      Beginning kept = pruning.kept().get();
      checkpoint = checkpoint.beginning(kept.first(), kept.prev());
    }
    Tail after = write(tail, batch);
    State written = new State(after, checkpoint.at(after.seq(), after.hash()), state.key());
    known = Optional.of(written);
    furthest = written.checkpoint();
    if (checkpointed(written, tail) && tail.bytes() == 0) {
      delete(pruning);
    }
  }

  /** An empty log has a checkpoint too: a missing one is then always a sign. */
  private void begin(State state) {
    if (state.checkpoint().turn() == 0) {
      Checkpoint first = state.checkpoint().at(0, Link.NONE);
      State begun = new State(state.tail(), first, state.key());
      known = Optional.of(begun);
      furthest = first;
      checkpointed(begun, state.tail());
    }
  }

  private Pruning pruning(State state) throws IOException {
    return config.daysKept() == 0
        ? Pruning.NONE
        : Pruning.plan(
            files,
            state.checkpoint(),
            checkpointFile.beginnings(state.key()),
            clock.instant().minus(Duration.ofDays(config.daysKept())));
  }

  private void delete(Pruning pruning) {
    try {
      pruning.delete(files);
      pruningTrouble = Optional.empty();
    } catch (IOException e) {
      // The log begins behind them already; the next pruning takes them along.
      pruningTrouble = Optional.of("cannot delete old files: " + e);
    }
  }

  /**
   * Reads where the log ends, and compares that with what the second place and this process know.
   */
  private State look(List<AuditEvent> batch) throws IOException {
    forget();
    Repair repair = new Repair(files, clock, batch);
    Optional<AuditKey> kept = AuditKey.read(config.key());
    if (kept.isEmpty() && (checkpointFile.exists() || furthest.turn() > 0)) {
      repair.finding("the key of the checkpoint was missing");
    }
    AuditKey key = kept.isPresent() ? kept.get() : AuditKey.make(config.key());
    Optional<Checkpoint> signed = checkpointFile.read(key);
    Tail tail = mended(Tail.look(files, today()), batch);
    if (signed.isPresent() || furthest.turn() > 0) {
      Checkpoint read = signed.orElse(Checkpoint.EMPTY);
      if (read.seq() < furthest.seq() && checkpointTrouble.isEmpty()) {
        repair.finding("the checkpoint was put back or removed while servers ran");
      }
      furthest = furthest.and(read);
      return new State(repair.compare(tail, furthest), furthest, key);
    }
    if (checkpointFile.exists() || tail.seq() > 0) {
      repair.finding(
          "the checkpoint was " + (checkpointFile.exists() ? "not signed by the key" : "missing"));
    } else if (kept.isPresent()) {
      repair.note(
          "the log begins under a key that was there before: if this is not its first start,"
              + " everything before was removed");
    }
    return new State(tail, repair.adopted(), key);
  }

  /** The entries are in the log whatever becomes of the checkpoint, which may be behind. */
  private boolean checkpointed(State state, Tail before) {
    Checkpoint checkpoint = state.checkpoint();
    try {
      checkpointFile.write(checkpoint, state.key());
      if (before.bytes() == 0 && before.seq() >= checkpoint.first()) {
        checkpointFile.begin(
            new Beginning(before.seq() + 1, before.hash(), clock.instant()),
            checkpoint.first(),
            state.key());
      }
      checkpointTrouble = Optional.empty();
      return true;
    } catch (IOException e) {
      checkpointTrouble = Optional.of("cannot write " + config.checkpoint() + ": " + e);
      return false;
    }
  }

  /** Cuts off a line that was not ended, and has that written down. */
  private Tail mended(Tail tail, List<AuditEvent> batch) throws IOException {
    if (tail.torn() == 0) {
      return tail;
    }
    channel(tail.file().path()).truncate(tail.bytes());
    batch.add(
        AuditEvent.of(clock.instant(), Action.AUDIT_REPAIR, Outcome.SUCCESS)
            .target(tail.file().name())
            .detail("cause", "a torn last line was cut off")
            .detail("bytes", String.valueOf(tail.torn())));
    return tail;
  }

  private Tail rotated(Tail tail) throws IOException {
    boolean full = tail.bytes() >= config.fileBytesMax();
    if (tail.bytes() == 0 || !(full || today().isAfter(tail.day()))) {
      return tail;
    }
    forget();
    return new Tail(
        files.beginning(tail.seq() + 1), 0, 0, today(), tail.seq(), tail.hash(), Optional.empty());
  }

  private Tail write(Tail tail, List<AuditEvent> batch) throws IOException {
    StringBuilder text = new StringBuilder(batch.size() * 400);
    long seq = tail.seq();
    String hash = tail.hash();
    for (AuditEvent event : batch) {
      Entry entry = Entry.of(++seq, event, hash);
      text.append(entry.line());
      hash = entry.hash();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    FileChannel channel = channel(tail.file().path());
    try {
      disk.write(channel, ByteBuffer.wrap(bytes), tail.bytes());
      if (tail.bytes() == 0) {
        files.sync();
      }
    } catch (IOException e) {
      undo(channel, tail, e);
      throw e;
    }
    return new Tail(
        tail.file(),
        tail.bytes() + bytes.length,
        0,
        tail.day(),
        seq,
        hash,
        Tail.identity(tail.file().path()));
  }

  private static void undo(FileChannel channel, Tail tail, IOException cause) {
    try {
      channel.truncate(tail.bytes());
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private FileChannel channel(Path file) throws IOException {
    if (open.isEmpty()) {
      open = Optional.of(OwnerOnly.file(file));
    }
    return open.get();
  }

  /** Looks anew before the next batch. */
  private void forget() throws IOException {
    known = Optional.empty();
    Optional<FileChannel> old = open;
    open = Optional.empty();
    if (old.isPresent()) {
      old.get().close();
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  @Override
  public void close() throws IOException {
    forget();
    checkpointFile.sync();
  }

  /** How bytes get onto the disk; they are there when it returns. */
  interface Disk {
    Disk REAL =
        (channel, bytes, at) -> {
          long next = at;
          while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
          }
          channel.force(false);
        };

    void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException;
  }

  /** What was there after the last batch. */
  private record State(Tail tail, Checkpoint checkpoint, AuditKey key) {}
}
