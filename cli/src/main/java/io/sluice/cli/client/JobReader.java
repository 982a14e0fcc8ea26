package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/** What somebody who watches a job is told, in order; by default nothing. */
public interface JobReader {
  /** It waits; unknown parts of {@code queue} are null. */
  default void waiting(JsonNode queue) {}

  default void started(int attempt) {}

  /** A new attempt began: what was told before it is void. */
  default void reset(int attempt, String reason) {}

  default void token(String text) {}

  default void thinking(String text) {}

  default void toolCall(JsonNode call) {}

  /** The connection was lost and is being made again. */
  default void reconnecting() {}
}
