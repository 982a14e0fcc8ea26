package io.sluice.worker;

import java.util.Optional;

/**
 * A model server that a worker uses.
 *
 * @param name what it is called in logs and metrics, unlike the others of its worker: its host and
 *     port
 * @param slots requests that it gets at the same time at most; 1 to 1024
 * @param tokens where these bound it too: a server with continuous batching
 * @param calibrate whether to measure first with how many slots, up to these, it makes the most
 *     tokens, and to use as many; nothing is measured where tokens bound it
 */
public record EngineConfig(
    String name, ModelServer server, int slots, Optional<Tokens> tokens, boolean calibrate) {

  /**
   * What all requests hold together at most.
   *
   * @param most tokens of prompts and longest outputs; positive
   * @param serverKnows whether the server's own word, where it has one, counts instead
   */
  public record Tokens(long most, boolean serverKnows) {
    public Tokens {
      if (most < 1) {
        throw new IllegalArgumentException("tokens: " + most + " is not positive");
      }
    }
  }

  /** A server that only a number of slots bounds. */
  public EngineConfig(String name, ModelServer server, int slots) {
    this(name, server, slots, Optional.empty());
  }

  /** A server of which nothing is measured first. */
  public EngineConfig(String name, ModelServer server, int slots, Optional<Tokens> tokens) {
    this(name, server, slots, tokens, false);
  }

  public EngineConfig {
    if (slots < 1 || slots > 1024) {
      throw new IllegalArgumentException("slots: " + slots + " is not in 1..1024");
    }
  }
}
