package io.sluice.worker;

/**
 * A model server that a worker uses.
 *
 * @param name what it is called in logs and metrics, unlike the others of its worker: its host and
 *     port
 * @param slots requests that it gets at the same time at most; 1 to 1024
 */
public record EngineConfig(String name, ModelServer server, int slots) {
  public EngineConfig {
    if (slots < 1 || slots > 1024) {
      throw new IllegalArgumentException("slots: " + slots + " is not in 1..1024");
    }
  }
}
