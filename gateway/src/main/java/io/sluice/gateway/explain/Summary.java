package io.sluice.gateway.explain;

import io.sluice.Ending;
import io.sluice.JobRecord;
import io.sluice.gateway.explain.Phase.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An explanation in one plain sentence. */
final class Summary {
  /** What took less than this part of a life is not worth a word. */
  private static final int WORTH_A_WORD = 50;

  private Summary() {}

  static String of(JobRecord record, Explanation explanation) {
    List<String> parts = parts(explanation);
    String begin = begin(record, text(explanation.total()));
    return parts.isEmpty() ? begin + "." : begin + ": " + joined(parts) + ".";
  }

  private static String begin(JobRecord record, String total) {
    return switch (record.state()) {
      case QUEUED ->
          record.attempt() == 0
              ? "It has waited for " + total
              : "It waits for attempt " + (record.attempt() + 1) + " and is " + total + " old";
      case IN_PROGRESS -> "It runs and is " + total + " old";
      case CANCELLING -> "It is being cancelled and is " + total + " old";
      case COMPLETED -> "It completed after " + total;
      case INCOMPLETE -> "It reached its output limit after " + total;
      case FAILED -> "It failed" + why(record) + " after " + total;
      case CANCELLED -> "It was cancelled after " + total;
      case EXPIRED -> "It expired before it could start, after " + total;
    };
  }

  private static String why(JobRecord record) {
    return record
        .ending()
        .flatMap(Ending::failure)
        .map(failure -> " (" + failure.code().wireName() + ")")
        .orElse("");
  }

  /** The lengths by kind, in the order in which they first came. */
  private static List<String> parts(Explanation explanation) {
    Map<Kind, Duration> lengths = new EnumMap<>(Kind.class);
    List<Kind> order = new ArrayList<>();
    for (Phase phase : explanation.phases()) {
      if (!lengths.containsKey(phase.kind())) {
        order.add(phase.kind());
      }
      lengths.merge(phase.kind(), phase.length(), Duration::plus);
    }
    Duration least = explanation.total().dividedBy(WORTH_A_WORD);
    return order.stream()
        .filter(kind -> kind != Kind.ENDED && lengths.get(kind).isPositive())
        .filter(kind -> lengths.get(kind).compareTo(least) >= 0)
        .map(kind -> text(lengths.get(kind)) + " " + kind.words() + attempts(kind, explanation))
        .toList();
  }

  private static String attempts(Kind kind, Explanation explanation) {
    IntSummaryStatistics ran =
        explanation.phases().stream()
            .filter(phase -> phase.kind() == Kind.RAN)
            .flatMapToInt(phase -> phase.attempt().stream().mapToInt(Integer::intValue))
            .summaryStatistics();
    // By their numbers, since the middle of a long history is left out.
    int runs = ran.getCount() == 0 ? 0 : ran.getMax() - ran.getMin() + 1;
    return kind == Kind.RAN && runs > 1 ? " in " + runs + " attempts" : "";
  }

  private static String joined(List<String> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    return String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
  }

  private static String text(Duration length) {
    long millis = length.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    if (length.toHours() == 0) {
      return length.toMinutes() + " min " + length.toSecondsPart() + " s";
    }
    return length.toHours() + " h " + length.toMinutesPart() + " min";
  }
}
