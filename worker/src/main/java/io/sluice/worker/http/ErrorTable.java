package io.sluice.worker.http;

import static io.sluice.FailureCode.*;

import io.sluice.Failure;
import io.sluice.FailureCode;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the errors of a model server mean: one table, read from the top. Its last rule must hold for
 * everything.
 */
public record ErrorTable(List<Rule> rules) {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorTable.class);
  private static final int TEXT_CHARS_MAX = 300;

  /** Addresses, links and paths say where the infrastructure is; nobody else needs to know. */
  private static final Pattern PLACE =
      Pattern.compile(
          "\\w+://\\S+|\\b[\\w-]+(\\.[\\w-]+)+(:\\d+)?/|\\[[0-9a-fA-F:]{2,}](:\\d+)?|\\b\\d{1,3}(\\.\\d{1,3}){3}(:\\d+)?\\b"
              + "|\\b[\\w-]+(\\.[\\w-]+)*:\\d{2,5}\\b|(?<![\\w.])/[\\w./-]{3,}");

  /**
   * Holds for some statuses, where 200 is an error in the middle of a stream, and for texts that
   * contain one of its phrases; for every text where it has none.
   *
   * @param phrases in lower case
   */
  public record Rule(IntPredicate status, FailureCode code, List<String> phrases) {
    public Rule(IntPredicate status, FailureCode code, String... phrases) {
      this(status, code, List.of(phrases));
    }

    boolean holds(int answered, String text) {
      return status.test(answered)
          && (phrases.isEmpty() || phrases.stream().anyMatch(text::contains));
    }
  }

  public ErrorTable {
    rules = List.copyOf(rules);
  }

  /**
   * @param status 200 where the error came in the middle of a stream
   */
  public Failure of(int status, String text) {
    return of(status, text, "");
  }

  /**
   * @param tags names of the error beside its text, which count like it and are shown to nobody
   */
  public Failure of(int status, String text, String tags) {
    String lower = (text + "\n" + tags).toLowerCase(Locale.ROOT);
    FailureCode code =
        rules.stream().filter(rule -> rule.holds(status, lower)).findFirst().orElseThrow().code();
    if (code == INVALID_REQUEST) {
      return new Failure(code, quoted(text));
    }
    if (code != CONTEXT_LENGTH_EXCEEDED) {
      LOG.warn("The engine failed with {}: {}", status, shortened(text.isEmpty() ? tags : text));
    }
    return of(code);
  }

  public static Failure of(FailureCode code) {
    return new Failure(code, sentence(code));
  }

  /** The engine's own words, since they name what to change. */
  private static String quoted(String text) {
    String shown = PLACE.matcher(text).replaceAll("…").replaceAll("\\p{Cntrl}+", " ").strip();
    return shown.isEmpty()
        ? sentence(INVALID_REQUEST)
        : "The model server refused the request: " + shortened(shown);
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
  }

  private static String sentence(FailureCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED -> "The prompt is longer than the model's context.";
      case INVALID_REQUEST -> "The model server refused the request.";
      case RUNAWAY_REPETITION -> "The model repeated the same token without end.";
      case RUNAWAY_THINKING -> "The model did not stop to think.";
      case OUTPUT_TOO_LARGE -> "The model server sent a larger piece than is allowed.";
      case ENGINE_ENDED_EARLY -> "The model server ended its answer before it was done.";
      case ENGINE_PROTOCOL -> "The model server sent what is not its protocol.";
      case ENGINE_CRASHED -> "The model's process died.";
      case ENGINE_OUT_OF_MEMORY -> "The model server ran out of memory.";
      case ENGINE_UNREACHABLE -> "The model server cannot be reached.";
      case ENGINE_BUSY -> "The model server's own queue is full.";
      case ENGINE_LOADING -> "The model server could not load the model in time.";
      case ENGINE_MODEL_MISSING -> "The model server does not have the model.";
      case ENGINE_MISPLACED -> "The model server did not load the model as it should.";
      case FIRST_TOKEN_TIMEOUT -> "The model server generated nothing in time.";
      case ENGINE_LOST -> "The model server was lost under this job and others.";
      case ENGINE_STUCK ->
          "The model server does not let go of its model; if nobody else uses it, only a restart helps.";
      case WORKER_DRAINING -> "The worker is being stopped.";
      case ENGINE_ERROR, ATTEMPT_TIMEOUT, TOKEN_TIMEOUT, WORKER_LOST, POISON, LOST, SUPERSEDED ->
          "The model server reported an error.";
    };
  }
}
