package io.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Elections;
import io.sluice.MemoryFileStore;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineSweepTest {
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

  private PipelineFolder pipeline(String tenant, int daysAgo, boolean ended) {
    Instant made = NOW.minus(Duration.ofDays(daysAgo));
    PipelineFolder folder = new PipelineFolder(files, tenant, PipelineId.at(made));
    folder.create(
        new Pipeline(
            folder.id(),
            tenant,
            "key",
            Set.of("batch"),
            made,
            made.plus(Duration.ofDays(1)),
            Json.object(),
            1,
            Json.object()),
        "{}\n".getBytes(StandardCharsets.US_ASCII));
    folder.keep(0, Json.object(), "A text.");
    if (ended) {
      folder.end(Json.object().put("status", "completed"));
    }
    new Keys(files).claim(tenant, "key " + daysAgo, new Keys.Claim(folder.id(), "print"));
    return folder;
  }

  @Test
  void what_has_ended_and_was_kept_long_enough_is_forgotten_with_its_texts_and_its_key() {
    PipelineFolder old = pipeline("a", 12, true);
    PipelineFolder others = pipeline("b", 13, true);
    PipelineFolder young = pipeline("a", 9, true);
    PipelineFolder almost = pipeline("c", 10, true);
    PipelineFolder open = pipeline("a", 14, false);
    new PipelineSweep(files, ALONE, KEPT, () -> NOW, "one").sweep();
    assertThat(old.pipeline()).isEmpty();
    assertThat(others.pipeline()).isEmpty();
    assertThat(young.pipeline()).isPresent();
    assertThat(almost.pipeline()).as("its window ended nine days ago").isPresent();
    assertThat(open.pipeline()).isPresent();
    assertThat(files.names()).noneMatch(it -> it.contains(old.id().folder()));
    assertThat(files.names()).filteredOn(it -> it.startsWith("pipeline-keys/")).hasSize(2);
  }
}
