package io.sluice.enginesim;

import java.util.Locale;
import java.util.Optional;

/**
 * What can go wrong in a simulated generation, each with the meaning of its value. By name in a
 * prompt ({@code [[sim:eof_after=5]]}), in {@code POST /sim/faults} and in {@link Fault}.
 */
public enum FaultKind {
  /**
   * Answers with an {@link EngineError} or {@link OpenAiError}, named by the value, instead of
   * starting; where the protocol has none of that name, with the most like it.
   */
  STATUS,
  /** Closes the connection before any answer. */
  DROP,
  /** Status 200, n tokens, then the end of the stream without {@code done}. */
  EOF_AFTER,
  /** After n tokens an error line; which one says {@link #ERROR}, otherwise a crash. */
  ERROR_AFTER,
  /** Names the {@link EngineError} of {@link #ERROR_AFTER}; alone: after 3 tokens. */
  ERROR,
  /** After n tokens a TCP reset. */
  RESET_AFTER,
  /** Silence of n milliseconds before the first token; 0 is for ever. */
  STALL_FIRST,
  /** After n tokens silence for ever. */
  STALL_AFTER,
  /**
   * After n tokens the model's process hangs, and with it every request that it has and gets, while
   * everything else answers as ever. Ends when the model is unloaded.
   */
  HANG_AFTER,
  /**
   * The same, but the process cannot be unloaded: /api/ps shows it for ever, as Ollama does with
   * "Stopping…", and what asks for the model waits. Ends when the server is started again.
   */
  STUCK_AFTER,
  /** After n tokens a line that is no JSON. */
  GARBAGE_AFTER,
  /** After n tokens a line of more than 8 MiB. */
  LONG_LINE_AFTER,
  /** After n tokens the same token for ever, whatever num_predict says. */
  REPEAT_AFTER,
  /** Never ends, whatever num_predict says. */
  ENDLESS,
  /** Answers an HTML page with status 200. */
  CONTENT_TYPE,
  /** Keeps the slot for n milliseconds after the connection was closed. */
  DEAF,
  /** Reads the prompt at n milliseconds per token. */
  PREFILL,
  /** Generates at n milliseconds per token. */
  DELAY,
  /** Writes every line in pieces that cut characters in two. */
  CUT,
  /** Ends with {@code done:true} and without metrics. */
  EMPTY_METRICS,
  /** Ends with this done_reason, such as {@code load}. */
  DONE_REASON,
  /** Not a fault: the natural length of the answer. */
  TOKENS,
  /**
   * Not a fault: says the prompt itself, but for its markers, n characters of Unicode a token (0:
   * 1), so that a token ends within what a reader sees as one character.
   */
  ECHO,
  /**
   * How often {@link #ECHO} says it, each time with its number after it: for answers that are
   * longer than any prompt. Else once, without a number.
   */
  ECHOES,
  /** Only the first n runs of this prompt have its faults. */
  RUNS;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<FaultKind> named(String wireName) {
    for (FaultKind kind : values()) {
      if (kind.wireName().equals(wireName)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
