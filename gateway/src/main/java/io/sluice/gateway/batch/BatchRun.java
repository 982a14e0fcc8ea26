package io.sluice.gateway.batch;

import io.sluice.FileStore;
import io.sluice.gateway.bulk.BulkJobs;
import io.sluice.gateway.bulk.Journal;
import io.sluice.gateway.bulk.JournalTail;
import io.sluice.gateway.bulk.Undertaking;
import io.sluice.gateway.submit.JobReader;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives batches: finds out whether all lines are good, runs them, and makes files of what became
 * of them. Each step is written down before the next, and one that is done twice comes to the same.
 */
final class BatchRun implements Undertaking {
  private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

  private static final Duration MAKING_MAX = Duration.ofSeconds(30);
  private static final Duration MAKING_LOOK = Duration.ofMillis(50);

  private final Parts parts;

  BatchRun(Parts parts) {
    this.parts = parts;
  }

  /**
   * What batches are driven with.
   *
   * @param lineBytesMax as much as a request by itself may have
   */
  record Parts(
      FileStore store,
      BatchFiles files,
      Endpoints endpoints,
      BulkJobs jobs,
      JobReader reader,
      InstantSource clock,
      BatchConfig config,
      int lineBytesMax,
      BatchMeters meters) {
    BatchFolder folder(String tenant, BatchId id) {
      return new BatchFolder(store, tenant, id);
    }

    /** The batch has ended, whoever says so first. */
    void end(BatchFolder folder, Ended how) {
      if (folder.end(how)) {
        meters.ended(how.status());
        LOG.info(
            "{} ended: {}, {} completed, {} failed",
            folder.id(),
            how.status().wireName(),
            how.counts().completed(),
            how.counts().failed());
      }
    }
  }

  @Override
  public String kind() {
    return "batch";
  }

  @Override
  public void drive(Opened opened) throws InterruptedException {
    BatchFolder folder = parts.folder(opened.tenant(), new BatchId(opened.id()));
    Optional<Batch> batch = made(folder);
    if (batch.isPresent() && folder.ended().isEmpty()) {
      drive(folder, batch.get());
    }
    batch.ifPresent(parts.files()::unpin);
  }

  /** What was just opened may still be in the making. */
  private Optional<Batch> made(BatchFolder folder) throws InterruptedException {
    Instant end = parts.clock().instant().plus(MAKING_MAX);
    Optional<Batch> batch = folder.batch();
    while (batch.isEmpty() && parts.clock().instant().isBefore(end)) {
      Thread.sleep(MAKING_LOOK);
      batch = folder.batch();
    }
    return batch;
  }

  private void drive(BatchFolder folder, Batch batch) throws InterruptedException {
    Optional<LineIndex> index = folder.index();
    if (index.isEmpty()) {
      index = validate(folder, batch);
    }
    if (index.isPresent()) {
      new Running(parts, folder, batch, index.get()).run();
    }
  }

  private Optional<LineIndex> validate(BatchFolder folder, Batch batch)
      throws InterruptedException {
    Optional<InputStream> input = parts.files().open(batch.tenant(), batch.inputFileId(), 0);
    if (input.isEmpty()) {
      BatchErrors errors = new BatchErrors();
      errors.add(BatchError.ofFile("file_not_found", "The input file does not exist any longer."));
      parts.end(folder, Ended.failed(parts.clock().instant(), errors));
      return Optional.empty();
    }
    try (LineReader lines = new LineReader(input.get(), parts.lineBytesMax())) {
      Validation validation =
          new Validation(requests(batch), parts.config().linesMax(), wanted(batch));
      return switch (validation.read(lines)) {
        case Validation.Found.Good(LineIndex found) -> Optional.of(folder.create(found));
        case Validation.Found.Bad(BatchErrors errors) -> {
          parts.end(folder, Ended.failed(parts.clock().instant(), errors));
          yield Optional.empty();
        }
      };
    }
  }

  private RequestReader requests(Batch batch) {
    return new LineJobs(parts, batch).checked();
  }

  /** Of a retry only the lines that have no answer yet. */
  private IntPredicate wanted(Batch batch) {
    return batch
        .retryOf()
        .map(before -> failed(parts.folder(batch.tenant(), before)))
        .<IntPredicate>map(numbers -> numbers::get)
        .orElse(any -> true);
  }

  /** The numbers of the lines that were not answered. */
  private BitSet failed(BatchFolder before) {
    BitSet answered = new BitSet();
    JournalTail tail = JournalTail.open(parts.store(), before.journal(), 0);
    for (List<Journal.Entry> some = tail.more(); !some.isEmpty(); some = tail.more()) {
      some.stream()
          .filter(it -> LineAnswer.parse(it.json()).completed())
          .forEach(it -> answered.set(it.piece()));
    }
    BitSet failed = new BitSet();
    before.index().stream()
        .flatMap(index -> index.places().stream())
        .filter(place -> !answered.get(place.piece()))
        .forEach(place -> failed.set(place.number()));
    return failed;
  }
}
