package io.sluice.gateway.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.FileStore;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/**
 * How far undertakings are, counted on from where they were looked at last. Blocks, for a moment
 * only: a long journal that nobody asked for yet is counted within several looks. Safe from any
 * thread.
 *
 * @param <C> what is counted; immutable
 */
public final class Tallies<C> {
  private static final int KEPT_MAX = 1_000;
  private static final Duration LOOK_MAX = Duration.ofMillis(500);

  private final FileStore store;
  private final C none;
  private final BiFunction<C, JsonNode, C> plus;
  private final Cache<String, Tally> tallies =
      Caffeine.newBuilder().maximumSize(KEPT_MAX).expireAfterAccess(Duration.ofMinutes(10)).build();

  /**
   * @param none what is counted before the first entry
   * @param plus counts one entry more
   */
  public Tallies(FileStore store, C none, BiFunction<C, JsonNode, C> plus) {
    this.store = store;
    this.none = none;
    this.plus = plus;
  }

  /** What the journal in this folder comes to. */
  public C of(String journal) {
    return tallies.get(journal, Tally::new).now();
  }

  /** Of one undertaking. */
  private final class Tally {
    private final JournalTail tail;
    private C counts = none;

    private Tally(String journal) {
      this.tail = JournalTail.open(store, journal, 0);
    }

    private synchronized C now() {
      long begun = System.nanoTime();
      List<Journal.Entry> some = tail.more();
      while (!some.isEmpty()) {
        for (Journal.Entry entry : some) {
          counts = plus.apply(counts, entry.json());
        }
        boolean late = System.nanoTime() - begun > LOOK_MAX.toNanos();
        some = late ? List.of() : tail.more();
      }
      return counts;
    }
  }
}
