package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How far a pipeline is, in words. Used by one thread at a time. */
final class PipelineProgress implements Progress {
  private final ZoneId zone;
  private final Rate tokens = new Rate();

  PipelineProgress(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public String line(JsonNode pipeline, Instant now, int columns) {
    JsonNode documents = pipeline.path("counts").path("documents");
    JsonNode parts = pipeline.path("counts").path("parts");
    long ended = ended(documents);
    long total = documents.path("total").asLong();
    List<String> beside = new ArrayList<>();
    beside.add(Amounts.count(ended) + "/" + Amounts.of(total, "document"));
    failed(documents.path("failed").asLong()).ifPresent(beside::add);
    standing(pipeline).ifPresent(beside::add);
    beside.add(
        ended == 0 && ended(parts) == 0
            ? noneYet(pipeline, now)
            : parts(ended(parts), parts.path("total").asLong()));
    speed(pipeline.path("usage"), now).ifPresent(beside::add);
    end(pipeline, now).ifPresent(beside::add);
    return Bar.line(ended, total, beside, columns);
  }

  /** Parts are counted with their document: before the first is done, only the time is known. */
  private static String noneYet(JsonNode pipeline, Instant now) {
    return instant(pipeline.path("created_at"))
        .map(begun -> "none done yet, begun " + Amounts.span(Duration.between(begun, now)) + " ago")
        .orElse("none done yet");
  }

  /** How many there will be is not known before every document was read. */
  private static String parts(long ended, long total) {
    return ended == total
        ? Amounts.of(ended, "part")
        : Amounts.count(ended) + "/" + Amounts.of(total, "part");
  }

  private static long ended(JsonNode counts) {
    return counts.path("completed").asLong()
        + counts.path("incomplete").asLong()
        + counts.path("failed").asLong();
  }

  private static Optional<String> failed(long failed) {
    return failed == 0 ? Optional.empty() : Optional.of(Amounts.count(failed) + " failed");
  }

  static Optional<String> standing(JsonNode undertaking) {
    if (undertaking.path("paused").asBoolean()) {
      return Optional.of("paused");
    }
    return switch (undertaking.path("status").asText()) {
      case "", "in_progress", "completed" -> Optional.empty();
      default -> Optional.of(undertaking.path("status").asText());
    };
  }

  private Optional<String> speed(JsonNode usage, Instant now) {
    tokens.at(now, usage.path("prompt_tokens").asLong() + usage.path("completion_tokens").asLong());
    OptionalDouble rate = tokens.perSecond();
    return rate.isPresent() && rate.getAsDouble() > 0
        ? Optional.of(Amounts.rate(rate.getAsDouble(), "tokens/s"))
        : Optional.empty();
  }

  private Optional<String> end(JsonNode pipeline, Instant now) {
    return instant(pipeline.path("expected_end")).map(end -> Amounts.end(end, now, zone));
  }

  private static Optional<Instant> instant(JsonNode text) {
    try {
      return Optional.of(Instant.parse(text.asText()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
