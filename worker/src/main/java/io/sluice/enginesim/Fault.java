package io.sluice.enginesim;

/**
 * One thing that goes wrong, for some of the requests.
 *
 * @param value what the kind says it means: a count, milliseconds or a name
 * @param probability that a request has it, 0 to 1
 * @param times how many requests have it at most
 */
public record Fault(FaultKind kind, String value, double probability, int times) {
  public Fault {
    if (!(probability >= 0 && probability <= 1) || times < 0) {
      throw new IllegalArgumentException(
          "probability " + probability + " or times " + times + " out of range");
    }
    check(kind, value);
  }

  /** Every request has it. */
  public static Fault always(FaultKind kind, Object value) {
    return new Fault(kind, String.valueOf(value), 1, Integer.MAX_VALUE);
  }

  public static Fault always(EngineError error) {
    return always(FaultKind.STATUS, error.wireName());
  }

  public static Fault always(OpenAiError error) {
    return always(FaultKind.STATUS, error.wireName());
  }

  public Fault probability(double probability) {
    return new Fault(kind, value, probability, times);
  }

  public Fault times(int times) {
    return new Fault(kind, value, probability, times);
  }

  /** The text that gives a single prompt this fault. */
  public String marker() {
    return "[[sim:" + kind.wireName() + "=" + value + "]]";
  }

  private static void check(FaultKind kind, String value) {
    switch (kind) {
      case STATUS, ERROR -> {
        if (EngineError.named(value).isEmpty() && OpenAiError.named(value).isEmpty()) {
          throw bad(kind, value);
        }
      }
      case DONE_REASON -> {}
      case DROP,
          EOF_AFTER,
          ERROR_AFTER,
          RESET_AFTER,
          STALL_FIRST,
          STALL_AFTER,
          HANG_AFTER,
          STUCK_AFTER,
          GARBAGE_AFTER,
          LONG_LINE_AFTER,
          REPEAT_AFTER,
          ENDLESS,
          CONTENT_TYPE,
          DEAF,
          PREFILL,
          DELAY,
          CUT,
          EMPTY_METRICS,
          TOKENS,
          ECHO,
          ECHOES,
          RUNS -> {
        if (!value.matches("[0-9]{1,9}")) {
          throw bad(kind, value);
        }
      }
    }
  }

  private static IllegalArgumentException bad(FaultKind kind, String value) {
    return new IllegalArgumentException("no value of " + kind.wireName() + ": " + value);
  }
}
