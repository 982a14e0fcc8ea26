package io.sluice.gateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Elections;
import io.sluice.MemoryFileStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchSweepTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration KEPT = Duration.ofDays(10);

  private static final Elections ALONE =
      new Elections() {
        @Override
        public Future<Boolean> stand(String office, String candidate, Duration term) {
          return Future.succeededFuture(true);
        }

        @Override
        public Future<Void> resign(String office, String candidate) {
          return Future.succeededFuture();
        }
      };

  private final MemoryFileStore files = new MemoryFileStore();

  private BatchFolder batch(String tenant, int daysAgo, boolean ended) {
    Instant made = NOW.minus(Duration.ofDays(daysAgo));
    BatchFolder folder = new BatchFolder(files, tenant, BatchId.at(made));
    folder.create(
        new Batch(
            folder.id(),
            tenant,
            "key",
            Set.of("batch"),
            "file-1",
            "/v1/embeddings",
            "24h",
            made,
            made.plus(Duration.ofDays(1)),
            Map.of(),
            Optional.empty(),
            Optional.empty()));
    if (ended) {
      folder.end(Ended.failed(made, new BatchErrors()));
    }
    new BatchKeys(files).claim(tenant, "key " + daysAgo, new BatchKeys.Claim(folder.id(), "print"));
    return folder;
  }

  @Test
  void what_has_ended_and_was_kept_long_enough_is_forgotten_with_its_key() {
    BatchFolder old = batch("a", 12, true);
    BatchFolder open = batch("a", 13, false);
    BatchFolder windowNotLongOver = batch("a", 11, true);
    BatchFolder young = batch("a", 3, true);
    BatchFolder others = batch("b", 20, true);
    BatchConfig config = new BatchConfig(10, 10, KEPT);
    new BatchSweep(files, ALONE, config, () -> NOW, "here").sweep();
    assertThat(old.batch()).isEmpty();
    assertThat(others.batch()).isEmpty();
    assertThat(open.batch()).isPresent();
    assertThat(windowNotLongOver.batch()).isPresent();
    assertThat(young.batch()).isPresent();
    assertThat(files.list("batch-keys/a", "", 10)).hasSize(1);
    assertThat(files.names()).noneMatch(it -> it.contains(old.id().folder()));
  }

  @Test
  void folders_are_listed_from_the_newest_on_and_give_their_ids_back() {
    BatchId early = BatchId.at(NOW);
    BatchId late = BatchId.at(NOW.plusMillis(1));
    assertThat(late.folder()).isLessThan(early.folder());
    assertThat(BatchId.ofFolder(late.folder())).isEqualTo(late);
    assertThat(late.createdAt()).isEqualTo(NOW.plusMillis(1));
  }
}
