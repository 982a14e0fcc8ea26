package io.sluice.chaos;

import io.sluice.FailureCode;
import io.sluice.enginesim.EngineError;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One way in which the simulated engine is told to treat a prompt, and what Sluice must make of it.
 *
 * @param marker the text in the prompt
 * @param failure why such an attempt fails; empty where the answer must come in spite of it
 */
record Injection(FaultKind kind, String marker, Optional<FailureCode> failure) {
  /** Engines that never answer take their time: they are made to wait for little. */
  private static final String SLOWLY = Fault.always(FaultKind.DELAY, 20).marker();

  private static final Set<FaultKind> NO_FAULTS =
      EnumSet.of(FaultKind.TOKENS, FaultKind.ECHO, FaultKind.ECHOES, FaultKind.RUNS);

  /** They take the whole engine with them, and have runs of their own. */
  private static final Set<FaultKind> OF_THE_ENGINE =
      EnumSet.of(FaultKind.HANG_AFTER, FaultKind.STUCK_AFTER);

  /** All kinds that strike single jobs, in groups of this many. */
  static List<List<FaultKind>> groups(int size) {
    List<FaultKind> kinds =
        Stream.of(FaultKind.values())
            .filter(kind -> !NO_FAULTS.contains(kind) && !OF_THE_ENGINE.contains(kind))
            .toList();
    return Stream.iterate(0, from -> from < kinds.size(), from -> from + size)
        .map(from -> kinds.subList(from, Math.min(kinds.size(), from + size)))
        .toList();
  }

  /**
   * @param variant which of a kind's values, for kinds with several
   */
  static Injection of(FaultKind kind, int variant) {
    return switch (kind) {
      case STATUS -> error(kind, errors(0), variant);
      case ERROR -> error(kind, errors(500), variant);
      case ERROR_AFTER -> fails(kind, 3, FailureCode.ENGINE_CRASHED);
      case DROP -> fails(kind, 0, FailureCode.ENGINE_UNREACHABLE);
      case EOF_AFTER -> fails(kind, variant % 4, FailureCode.ENGINE_ENDED_EARLY);
      case RESET_AFTER -> fails(kind, 1 + variant % 3, FailureCode.ENGINE_CRASHED);
      case STALL_FIRST -> fails(kind, 0, FailureCode.FIRST_TOKEN_TIMEOUT);
      case STALL_AFTER -> fails(kind, 3, FailureCode.TOKEN_TIMEOUT);
      case GARBAGE_AFTER -> fails(kind, variant % 4, FailureCode.ENGINE_PROTOCOL);
      case LONG_LINE_AFTER -> fails(kind, variant % 4, FailureCode.OUTPUT_TOO_LARGE);
      case REPEAT_AFTER -> fails(kind, 3, FailureCode.RUNAWAY_REPETITION);
      case ENDLESS -> fails(kind, 0, FailureCode.ATTEMPT_TIMEOUT).with(SLOWLY);
      case CONTENT_TYPE -> fails(kind, 0, FailureCode.ENGINE_PROTOCOL);
      case DEAF ->
          fails(kind, 200, FailureCode.TOKEN_TIMEOUT)
              .with(Fault.always(FaultKind.STALL_AFTER, 3).marker());
      case DONE_REASON ->
          new Injection(kind, marker(kind, "load"), Optional.of(FailureCode.ENGINE_ENDED_EARLY));
      case PREFILL, DELAY -> passes(kind, 5);
      case CUT, EMPTY_METRICS -> passes(kind, 0);
      case HANG_AFTER ->
          fails(
              kind,
              variant % 4,
              variant % 4 == 0 ? FailureCode.FIRST_TOKEN_TIMEOUT : FailureCode.TOKEN_TIMEOUT);
      case TOKENS, ECHO, ECHOES, RUNS, STUCK_AFTER ->
          throw new IllegalArgumentException(kind + " is no fault of one job");
    };
  }

  /** Strikes the first runs of its prompt only. */
  String marker(int runs) {
    return marker + Fault.always(FaultKind.RUNS, runs).marker();
  }

  private static Injection fails(FaultKind kind, int value, FailureCode why) {
    return new Injection(kind, marker(kind, String.valueOf(value)), Optional.of(why));
  }

  private static Injection passes(FaultKind kind, int value) {
    return new Injection(kind, marker(kind, String.valueOf(value)), Optional.empty());
  }

  private static Injection error(FaultKind kind, List<EngineError> errors, int variant) {
    EngineError error = errors.get(variant % errors.size());
    return new Injection(kind, marker(kind, error.wireName()), Optional.of(meaning(error)));
  }

  private Injection with(String more) {
    return new Injection(kind, marker + more, failure);
  }

  private static String marker(FaultKind kind, String value) {
    return Fault.always(kind, value).marker();
  }

  private static List<EngineError> errors(int statusLeast) {
    return Stream.of(EngineError.values()).filter(e -> e.status() >= statusLeast).toList();
  }

  /** Said by hand once more, so that it does not follow the worker's own table. */
  private static FailureCode meaning(EngineError error) {
    return switch (error) {
      case BUSY, NO_SLOTS -> FailureCode.ENGINE_BUSY;
      case MODEL_MISSING, MODEL_MISSING_PULL -> FailureCode.ENGINE_MODEL_MISSING;
      case BAD_OPTION, NO_BODY, NO_TOOLS, NO_THINKING, NO_CHAT, NO_EMBEDDINGS ->
          FailureCode.INVALID_REQUEST;
      case CONTEXT, CONTEXT_NATIVE, CONTEXT_INPUT -> FailureCode.CONTEXT_LENGTH_EXCEEDED;
      case LOAD_OOM,
          LOAD_OOM_OLD,
          LOAD_OOM_LAYOUT,
          LOAD_OOM_ALLOCATE,
          LOAD_OOM_GPU,
          OOM,
          OOM_HIP,
          OOM_VULKAN ->
          FailureCode.ENGINE_OUT_OF_MEMORY;
      case LOAD_TIMEOUT, LOAD_TIMEOUT_OLD, LOADING, NO_BINARY -> FailureCode.ENGINE_LOADING;
      case LOAD_CRASH, LOAD_CRASH_OLD, CRASH, CRASH_CUDA, EMBED_CRASH, STOPPED, GONE ->
          FailureCode.ENGINE_CRASHED;
      case EVENT_TOO_LARGE, TOKEN_TOO_LONG -> FailureCode.OUTPUT_TOO_LARGE;
      case REPEAT_LIMIT -> FailureCode.RUNAWAY_REPETITION;
      case OTHER -> FailureCode.ENGINE_ERROR;
    };
  }
}
