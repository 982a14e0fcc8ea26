package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** How far a batch is, in words. Used by one thread at a time. */
final class BatchProgress implements Progress {
  /** Below this nobody can tell when it ends. */
  private static final double SLOWEST_PER_SECOND = 1e-4;

  private final ZoneId zone;
  private final Rate lines = new Rate();

  BatchProgress(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public String line(JsonNode batch, Instant now, int columns) {
    JsonNode counts = batch.path("request_counts");
    long failed = counts.path("failed").asLong();
    long done = counts.path("completed").asLong() + failed;
    long total = counts.path("total").asLong();
    lines.at(now, done);
    List<String> beside = new ArrayList<>();
    beside.add(Amounts.count(done) + "/" + Amounts.of(total, "line"));
    if (failed > 0) {
      beside.add(Amounts.count(failed) + " failed");
    }
    PipelineProgress.standing(batch).ifPresent(beside::add);
    OptionalDouble rate = lines.perSecond();
    if (rate.isPresent()) {
      beside.add(Amounts.rate(rate.getAsDouble(), "lines/s"));
      if (rate.getAsDouble() > SLOWEST_PER_SECOND && done < total) {
        long left = Math.round((total - done) / rate.getAsDouble() * 1000);
        beside.add(Amounts.end(now.plusMillis(left), now, zone));
      }
    }
    return Bar.line(done, total, beside, columns);
  }
}
