package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.util.Optional;
import java.util.Set;

/** A request under translation: its fields, and what was found wrong with them. */
record Asked(Fields fields) {
  /** Refuses what is no object. */
  static Asked of(JsonNode request) {
    Faults faults = new Faults();
    if (!request.isObject()) {
      faults.add("", "The body must be a JSON object.");
      throw faults.problem().refusal();
    }
    return new Asked(new Fields(request, "", faults));
  }

  Optional<JsonNode> any(String name) {
    return fields.any(name);
  }

  /** Refuses a parameter that is in neither list, as OpenAI does. */
  void allowOnly(Set<String> honoured, Set<String> ignored) {
    fields
        .json()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!honoured.contains(name) && !ignored.contains(name)) {
                throw Unsupported.unknown(name);
              }
            });
  }

  /** A switch that is off unless it is set. */
  boolean flag(String name) {
    return fields
        .any(name)
        .filter(value -> fields.check(value.isBoolean(), name, "It must be true or false."))
        .map(JsonNode::booleanValue)
        .orElse(false);
  }

  /** Refuses all that was noted, if anything was. */
  void orRefuse() {
    if (fields.faults().any()) {
      throw fields.faults().problem().refusal();
    }
  }
}
