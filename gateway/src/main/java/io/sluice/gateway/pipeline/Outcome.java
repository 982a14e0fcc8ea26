package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Optional;

/**
 * What a document came to.
 *
 * @param result null in JSON if there is none
 */
record Outcome(Status status, JsonNode result, Optional<Fault> error) {
  enum Status {
    COMPLETED,
    INCOMPLETE,
    FAILED
  }

  static Outcome failed(Fault why) {
    return new Outcome(Status.FAILED, NullNode.getInstance(), Optional.of(why));
  }

  static Outcome of(JsonNode result, boolean isWhole) {
    return new Outcome(isWhole ? Status.COMPLETED : Status.INCOMPLETE, result, Optional.empty());
  }

  /** With what there is, and why that is not all. */
  static Outcome incomplete(JsonNode result, Fault why) {
    return new Outcome(Status.INCOMPLETE, result, Optional.of(why));
  }
}
