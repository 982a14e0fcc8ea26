package io.sluice.gateway.batch;

import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.gateway.upkeep.Answer;
import io.sluice.gateway.upkeep.Repeated;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the batches that have ended and are older than they are kept, and the idempotency keys
 * that made them. One gateway does it; two do no harm.
 */
final class BatchSweep {
  private static final Logger LOG = LoggerFactory.getLogger(BatchSweep.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final String OFFICE = "batch-sweep";
  private static final int LISTED_AT_ONCE = 1_000;

  private final FileStore store;
  private final Elections elections;
  private final BatchConfig config;
  private final InstantSource clock;
  private final String instance;

  BatchSweep(
      FileStore store,
      Elections elections,
      BatchConfig config,
      InstantSource clock,
      String instance) {
    this.store = store;
    this.elections = elections;
    this.config = config;
    this.clock = clock;
    this.instance = instance;
  }

  Repeated repeated() {
    return new Repeated(OFFICE, PAUSE, this::round);
  }

  private void round() throws InterruptedException {
    if (Answer.of(elections.stand(OFFICE, instance, PAUSE.multipliedBy(2)))) {
      sweep();
    }
  }

  /** Looks at every batch once. */
  void sweep() {
    Folders.of(store, BatchFolder.ALL).forEach(this::batches);
    Folders.of(store, BatchKeys.ALL).forEach(this::keys);
  }

  /** Those of a tenant, from the oldest on; the first that is not old enough is the last. */
  private void batches(String tenant) {
    List<String> folders = Folders.of(store, BatchFolder.of(tenant));
    for (String folder : folders.reversed()) {
      BatchFolder one = new BatchFolder(store, tenant, BatchId.ofFolder(folder));
      if (!isOld(one.id())) {
        return;
      }
      if (one.batch().isEmpty() || one.ended().isPresent() && isOver(one)) {
        one.delete();
        LOG.info("{} was forgotten: it was kept for as long as it is to be", one.id());
      }
    }
  }

  private boolean isOver(BatchFolder folder) {
    return folder.batch().filter(it -> isPast(it.expiresAt().plus(config.kept()))).isPresent();
  }

  private boolean isOld(BatchId id) {
    return isPast(id.createdAt().plus(config.kept()));
  }

  private boolean isPast(Instant end) {
    return clock.instant().isAfter(end);
  }

  private void keys(String tenant) {
    BatchKeys keys = new BatchKeys(store);
    for (String key : Folders.of(store, BatchKeys.folder(tenant))) {
      if (isOld(keys.read(BatchKeys.folder(tenant) + "/" + key).id())) {
        store.delete(BatchKeys.folder(tenant) + "/" + key);
      }
    }
  }

  /** What is in a folder, all of it. */
  private static final class Folders {
    static List<String> of(FileStore store, String folder) {
      List<String> names = new java.util.ArrayList<>();
      String after = "";
      List<FileStore.Entry> some = store.list(folder, after, LISTED_AT_ONCE);
      while (!some.isEmpty()) {
        some.forEach(one -> names.add(one.name()));
        after = some.getLast().name();
        some = store.list(folder, after, LISTED_AT_ONCE);
      }
      return names;
    }
  }
}
