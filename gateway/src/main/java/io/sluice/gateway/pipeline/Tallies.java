package io.sluice.gateway.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.FileStore;
import io.sluice.gateway.bulk.Journal;
import io.sluice.gateway.bulk.JournalTail;
import java.time.Duration;
import java.util.List;

/**
 * How far pipelines are, counted on from where they were looked at last. Blocks, for a moment only:
 * a long journal that nobody asked for yet is counted within several looks. Safe from any thread.
 */
final class Tallies {
  private static final int PIPELINES_MAX = 1_000;
  private static final Duration LOOK_MAX = Duration.ofSeconds(2);

  private final FileStore store;
  private final Cache<String, Tally> tallies =
      Caffeine.newBuilder()
          .maximumSize(PIPELINES_MAX)
          .expireAfterAccess(Duration.ofMinutes(10))
          .build();

  Tallies(FileStore store) {
    this.store = store;
  }

  Counts of(PipelineFolder folder) {
    return tallies.get(folder.journal(), journal -> new Tally(store, journal)).now();
  }

  /** Of one pipeline. */
  private static final class Tally {
    private final JournalTail tail;
    private Counts counts = Counts.NONE;

    private Tally(FileStore store, String journal) {
      this.tail = JournalTail.open(store, journal, 0);
    }

    private synchronized Counts now() {
      long begun = System.nanoTime();
      List<Journal.Entry> some = tail.more();
      while (!some.isEmpty()) {
        for (Journal.Entry entry : some) {
          counts = counts.plus(entry.json());
        }
        boolean late = System.nanoTime() - begun > LOOK_MAX.toNanos();
        some = late ? List.of() : tail.more();
      }
      return counts;
    }
  }
}
