package io.sluice.gateway.pipeline;

import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.gateway.upkeep.Answer;
import io.sluice.gateway.upkeep.Repeated;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the pipelines that have ended and are older than they are kept, with the texts of their
 * documents and the idempotency keys that made them. One gateway does it; two do no harm.
 */
final class PipelineSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineSweep.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final String OFFICE = "pipeline-sweep";
  private static final int LISTED_AT_ONCE = 1_000;

  private final FileStore store;
  private final Elections elections;
  private final Duration kept;
  private final InstantSource clock;
  private final String instance;

  /**
   * @param kept how long after its window a pipeline can be asked for
   */
  PipelineSweep(
      FileStore store, Elections elections, Duration kept, InstantSource clock, String instance) {
    this.store = store;
    this.elections = elections;
    this.kept = kept;
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

  /** Looks at every pipeline that may be old enough, once. */
  void sweep() {
    in(PipelineFolder.ALL).forEach(this::pipelines);
    in(Keys.ALL).forEach(this::keys);
  }

  /** Those of a tenant, from the oldest on; the first that is not old enough is the last. */
  private void pipelines(String tenant) {
    for (String name : in(PipelineFolder.of(tenant)).reversed()) {
      PipelineFolder folder = new PipelineFolder(store, tenant, PipelineId.ofFolder(name));
      if (!isPast(folder.id().createdAt())) {
        return;
      }
      if (isOver(folder)) {
        folder.delete();
        LOG.info("{} was forgotten: it was kept for as long as it is to be", folder.id());
      }
    }
  }

  /** One without what was asked for was never made. */
  private boolean isOver(PipelineFolder folder) {
    return folder
        .pipeline()
        .map(it -> folder.ended().isPresent() && isPast(it.expiresAt()))
        .orElse(true);
  }

  private boolean isPast(Instant time) {
    return clock.instant().isAfter(time.plus(kept));
  }

  private void keys(String tenant) {
    Keys keys = new Keys(store);
    for (String key : in(Keys.of(tenant))) {
      String name = Keys.of(tenant) + "/" + key;
      if (keys.read(name).filter(it -> isPast(it.id().createdAt())).isPresent()) {
        store.delete(name);
      }
    }
  }

  /** What is in a folder, all of it. */
  private List<String> in(String folder) {
    List<String> names = new ArrayList<>();
    List<FileStore.Entry> some = store.list(folder, "", LISTED_AT_ONCE);
    while (!some.isEmpty()) {
      some.forEach(one -> names.add(one.name()));
      some = store.list(folder, some.getLast().name(), LISTED_AT_ONCE);
    }
    return names;
  }
}
