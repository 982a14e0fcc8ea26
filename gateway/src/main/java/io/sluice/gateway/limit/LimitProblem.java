package io.sluice.gateway.limit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.Admission.Level;
import io.sluice.Job;
import io.sluice.Limit;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The refusal of a submission by its limits. */
public final class LimitProblem {
  private LimitProblem() {}

  /** Names every limit that was exceeded, by its name in the settings. */
  public static Problem of(Job job, Ruling ruling) {
    List<Level> exceeded = ruling.standing().exceeded();
    List<Level> hopeless = exceeded.stream().filter(level -> level.retryAfter().isEmpty()).toList();
    Problem problem =
        hopeless.isEmpty() ? later(exceeded, ruling) : never(job, hopeless.getFirst());
    ArrayNode names = Json.MAPPER.createArrayNode();
    exceeded.forEach(level -> names.add(level.limit().wireName()));
    problem = problem.member("violated_policies", names);
    for (Map.Entry<String, String> header : LimitHeaders.of(ruling).entrySet()) {
      problem = problem.header(header.getKey(), header.getValue());
    }
    return problem;
  }

  private static Problem later(List<Level> exceeded, Ruling ruling) {
    String why = ruling.standing().pressure() > 0 ? " Limits are tight while jobs start late." : "";
    Level first = exceeded.getFirst();
    boolean places = exceeded.stream().allMatch(level -> level.limit().window().isZero());
    Problem problem =
        places
            ? ProblemCode.TOO_MANY_WAITING.with(
                exceeded.stream()
                    .map(LimitProblem::place)
                    .collect(Collectors.joining(" ", "", why)))
            : ProblemCode.RATE_LIMIT_EXCEEDED.with(
                exceeded.stream()
                    .map(level -> level.limit().wireName() + " (" + level.bound() + ")")
                    .collect(Collectors.joining(", ", "Reached: ", "." + why)));
    Duration wait =
        exceeded.stream()
            .map(level -> level.retryAfter().orElseThrow())
            .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) > 0 ? a : b);
    return problem.member("limit", first.bound()).retryAfter(wait);
  }

  private static String place(Level level) {
    String what = level.limit().unit() == Limit.Unit.TOKENS ? " tokens " : " jobs ";
    String whose = level.limit().scope() == Limit.Scope.EVERYBODY ? "in total" : "of this tenant";
    return "At most " + level.bound() + what + whose + " may wait.";
  }

  private static Problem never(Job job, Level level) {
    long cost = cost(job, level.limit());
    return ProblemCode.LIMIT_NEVER_FITS
        .with(
            ("The job may cost %,d %s and %s is %,d: "
                    + "send a shorter prompt or a smaller max_output_tokens.")
                .formatted(
                    cost,
                    level.limit().unit().name().toLowerCase(Locale.ROOT),
                    level.limit().wireName(),
                    level.bound()))
        .member("limit", level.bound())
        .member("cost", cost);
  }

  private static long cost(Job job, Limit limit) {
    return limit.unit() == Limit.Unit.TOKENS ? job.tokensAtMost() : 1;
  }
}
