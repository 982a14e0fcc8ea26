package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;

/** Has a published client do what it is asked for. */
@FunctionalInterface
interface Driver {
  /**
   * Runs these cases to their end, one after the other. What fails is an outcome, too.
   *
   * @param target what to talk to and about: url, model, keys, prompts, schema and tool
   */
  Cases run(JsonNode target, String... cases);
}
