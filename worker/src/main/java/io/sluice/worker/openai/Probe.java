package io.sluice.worker.openai;

import static io.sluice.FailureCode.*;

import io.sluice.Failure;
import io.sluice.Pool;
import io.sluice.worker.Generation;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.TlsTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pool's model is ready: the server names it, gives it the context that its pool
 * promises, and generates one token, or makes one vector where it does not generate. vLLM and
 * SGLang do not listen until the model is loaded, llama-server says 503 until then; so nothing is
 * loaded here and nothing can be cut short.
 */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final Duration LIST_DEADLINE = Duration.ofSeconds(20);

  private final ModelList list;
  private final Shortest shortest;
  private final OpenAiSettings settings;
  private final TlsTrouble trouble;
  private final Set<String> embedding = ConcurrentHashMap.newKeySet();

  Probe(ModelList list, Shortest shortest, OpenAiSettings settings) {
    this.list = list;
    this.shortest = shortest;
    this.settings = settings;
    this.trouble = new TlsTrouble(list.endpoint().base());
  }

  Optional<Failure> of(Pool pool) {
    return listed(pool).or(() -> proven(pool));
  }

  /** A server of an embedding model refuses to generate, or does not know how. */
  private Optional<Failure> proven(Pool pool) {
    Optional<Failure> why = answers(shortest.token().apply(pool), pool);
    boolean refused =
        why.map(Failure::code)
            .filter(code -> code == INVALID_REQUEST || code == ENGINE_UNREACHABLE)
            .isPresent();
    if (refused && answers(shortest.vector().apply(pool), pool).isEmpty()) {
      embedding.add(pool.model());
      return Optional.empty();
    }
    if (why.isEmpty()) {
      embedding.remove(pool.model());
    }
    return why;
  }

  /** Whether the model was last seen to make vectors and no text, which no server says of it. */
  boolean embeds(String model) {
    return embedding.contains(model);
  }

  /** The shortest questions there are: for a token, and for a vector. */
  record Shortest(Function<Pool, Generation> token, Function<Pool, Generation> vector) {}

  private Optional<Failure> listed(Pool pool) {
    try {
      ModelList.Models models = list.ask(LIST_DEADLINE);
      return models.models().stream()
          .filter(model -> model.names().contains(pool.model()))
          .findFirst()
          .map(model -> contextTooSmall(model, pool))
          .orElseGet(() -> Optional.of(missing(models, pool)));
    } catch (ModelList.Refused e) {
      return Optional.of(e.why());
    } catch (TimeoutException e) {
      return Optional.of(OpenAiErrors.of(FIRST_TOKEN_TIMEOUT));
    } catch (IOException e) {
      trouble.tell(e);
      return Optional.of(OpenAiErrors.of(ENGINE_UNREACHABLE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(OpenAiErrors.of(WORKER_DRAINING));
    }
  }

  private Optional<Failure> answers(Generation asked, Pool pool) {
    long end = System.nanoTime() + settings.probeDeadline().toNanos();
    try (Generation generation = asked) {
      while (true) {
        long left = Math.max(1, end - System.nanoTime());
        switch (generation.next(Duration.ofNanos(left))) {
          case Piece.Done done -> {
            return Optional.empty();
          }
          case Piece.Failed(Failure why) -> {
            return Optional.of(why);
          }
          case Piece.Silence silence -> {
            LOG.debug("{} generated nothing within {}", pool, settings.probeDeadline());
            return Optional.of(OpenAiErrors.of(FIRST_TOKEN_TIMEOUT));
          }
          case Piece.Closed closed -> {
            return Optional.of(OpenAiErrors.of(ENGINE_ENDED_EARLY));
          }
          case Piece.Text text -> LOG.trace("A token");
          case Piece.Thinking thinking -> LOG.trace("A token of thinking");
          case Piece.ToolCall call -> LOG.trace("A call");
          case Piece.Vectors vectors -> LOG.trace("A vector");
        }
      }
    }
  }

  private static Optional<Failure> contextTooSmall(ModelList.Model model, Pool pool) {
    int context = model.contextTokens().orElse(pool.contextTokens());
    return context >= pool.contextTokens()
        ? Optional.empty()
        : Optional.of(
            new Failure(
                ENGINE_MODEL_MISSING,
                "The model server gives %s %d tokens of context, not the %d of its pool."
                    .formatted(pool.model(), context, pool.contextTokens())));
  }

  private static Failure missing(ModelList.Models models, Pool pool) {
    return new Failure(
        ENGINE_MODEL_MISSING,
        "The model server does not have %s, but %s."
            .formatted(
                pool.model(),
                models.names().isEmpty() ? "none" : String.join(", ", models.names())));
  }
}
