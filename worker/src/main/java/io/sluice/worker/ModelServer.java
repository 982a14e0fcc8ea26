package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A model server, such as Ollama or vLLM. Its methods block and are called on virtual threads; it
 * does not count slots, its caller does. Foreign errors become {@link Failure}s here and nowhere
 * else.
 */
public interface ModelServer extends AutoCloseable {
  /** Sends a job's request. Returns at once; whatever goes wrong comes out of the generation. */
  Generation start(Job job);

  /**
   * Makes the model of a pool ready and proves it with a one-token generation at exactly the
   * options that jobs get. May take as long as the model loads; is never cancelled half-way, since
   * that restarts the load.
   *
   * @return why it is not ready, or nothing when it is
   */
  Optional<Failure> probe(Pool pool);

  /**
   * Takes the model of a pool out of the server's memory, so that the next probe loads it anew:
   * what cures a server that hangs. Only asked when none of its requests uses the model any more.
   *
   * @param within for each thing that the server is asked
   */
  Unloading unload(Pool pool, Duration within);

  /**
   * The names of the installed models, newest first; empty with {@code Unavailable} thrown if the
   * server does not answer within the time.
   */
  List<String> models(Duration within);

  /**
   * How many tokens of prompts and outputs it can hold at a time, by its own word; empty where it
   * does not say, or a number of slots is what bounds it.
   */
  default OptionalLong cacheTokens(Duration within) {
    return OptionalLong.empty();
  }

  /**
   * What it says of these models, each of which it may leave out.
   *
   * @param models by the names that pools have for them
   * @throws io.sluice.Unavailable if it does not answer, each time within this time
   */
  default List<ModelFacts> describe(Set<String> models, Duration within) {
    return List.of();
  }

  /**
   * Whether a last message that is the assistant's own is gone on with, instead of being answered
   * (assistant prefill).
   */
  default boolean continuesAnswers() {
    return false;
  }

  /** Cuts every connection that is still open; a server that holds none does nothing. */
  @Override
  default void close() {}
}
