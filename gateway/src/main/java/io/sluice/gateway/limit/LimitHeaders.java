package io.sluice.gateway.limit;

import io.sluice.Admission.Level;
import io.sluice.Admission.Verdict;
import io.sluice.Limit;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The limits in response headers: {@code RateLimit-Policy} and {@code RateLimit} as in
 * draft-ietf-httpapi-ratelimit-headers, and the {@code x-ratelimit-*} that OpenAI's clients read,
 * of the tightest limit over a minute or a day.
 */
public final class LimitHeaders {
  private LimitHeaders() {}

  /**
   * Headers by name; none where nothing is limited. Where a limit was exceeded, {@code RateLimit}
   * names only those that were, so that no {@code t} is later than Retry-After.
   */
  public static Map<String, String> of(Ruling ruling) {
    List<Level> levels = ruling.visible();
    if (levels.isEmpty()) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("RateLimit-Policy", joined(levels.stream().map(LimitHeaders::policy).toList()));
    List<Level> exceeded = levels.stream().filter(LimitHeaders::isExceeded).toList();
    List<Level> told = ruling.standing().exceeded().isEmpty() ? levels : exceeded;
    if (!told.isEmpty()) {
      headers.put("RateLimit", joined(told.stream().map(LimitHeaders::standing).toList()));
    }
    tightest(levels, Limit.Unit.REQUESTS, "requests", headers);
    tightest(levels, Limit.Unit.TOKENS, "tokens", headers);
    return headers;
  }

  /** The name of a limit in the headers: {@code tenant-requests}. */
  static String policyName(Limit limit) {
    return switch (limit) {
      case TENANT_REQUESTS_PER_MINUTE -> "tenant-requests";
      case TENANT_TOKENS_PER_MINUTE -> "tenant-tokens";
      case PRINCIPAL_REQUESTS_PER_MINUTE -> "principal-requests";
      case PRINCIPAL_TOKENS_PER_MINUTE -> "principal-tokens";
      case SESSION_REQUESTS_PER_MINUTE -> "session-requests";
      case SESSION_TOKENS_PER_MINUTE -> "session-tokens";
      case TENANT_TOKENS_PER_DAY -> "tenant-tokens-day";
      case SESSION_REQUESTS_PER_SECOND -> "session-burst";
      case TENANT_WAITING_JOBS -> "waiting";
      case TENANT_WAITING_TOKENS -> "waiting-tokens";
      case WAITING_JOBS -> "waiting-total";
      case TENANT_RUNNING_JOBS -> "running";
    };
  }

  private static String policy(Level level) {
    Limit limit = level.limit();
    String unit = limit.unit() == Limit.Unit.TOKENS ? ";qu=\"tokens\"" : "";
    String window = limit.window().isZero() ? "" : ";w=" + limit.window().toSeconds();
    return "\"" + policyName(limit) + "\";q=" + level.bound() + unit + window;
  }

  private static String standing(Level level) {
    Duration wait = isExceeded(level) ? level.retryAfter().orElse(level.reset()) : level.reset();
    return "\""
        + policyName(level.limit())
        + "\";r="
        + Math.max(0, level.remaining())
        + ";t="
        + Math.max(isExceeded(level) ? 1 : 0, wait.plusMillis(999).toSeconds());
  }

  private static boolean isExceeded(Level level) {
    return level.verdict() == Verdict.EXCEEDED;
  }

  private static String joined(List<String> items) {
    return items.stream().collect(Collectors.joining(", "));
  }

  private static void tightest(
      List<Level> levels, Limit.Unit unit, String name, Map<String, String> headers) {
    levels.stream()
        .filter(level -> level.limit().unit() == unit && counts(level.limit()))
        .min(Comparator.comparingDouble(level -> (double) level.remaining() / level.bound()))
        .ifPresent(
            level -> {
              headers.put("x-ratelimit-limit-" + name, String.valueOf(level.bound()));
              headers.put(
                  "x-ratelimit-remaining-" + name, String.valueOf(Math.max(0, level.remaining())));
              headers.put("x-ratelimit-reset-" + name, openAi(level.reset()));
            });
  }

  /** What counts over a time, but for the leaky bucket, which delays first. */
  private static boolean counts(Limit limit) {
    return !limit.window().isZero() && limit != Limit.SESSION_REQUESTS_PER_SECOND;
  }

  /** As OpenAI writes a duration: {@code 500ms}, {@code 1s}, {@code 6m0s}, {@code 1h0m0s}. */
  static String openAi(Duration duration) {
    if (!duration.isPositive()) {
      return "0s";
    }
    if (duration.toMillis() < 1_000) {
      return Math.max(1, duration.toMillis()) + "ms";
    }
    Duration whole = Duration.ofSeconds(duration.plusMillis(999).toSeconds());
    String hours = whole.toHours() > 0 ? whole.toHours() + "h" : "";
    String minutes = whole.toMinutes() > 0 ? whole.toMinutesPart() + "m" : "";
    return hours + minutes + whole.toSecondsPart() + "s";
  }
}
