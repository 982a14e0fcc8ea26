package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Collection;

/** Everything that is wrong with an input file: the first thousand, and how many more there are. */
final class BatchErrors {
  static final int TOLD_MAX = 1_000;

  private final ArrayNode told = Json.MAPPER.createArrayNode();
  private int count;

  void add(BatchError error) {
    count++;
    if (told.size() < TOLD_MAX) {
      told.add(error.json());
    }
  }

  void addAll(Collection<BatchError> errors) {
    errors.forEach(this::add);
  }

  boolean any() {
    return count > 0;
  }

  /** The {@code errors} of a batch. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data").addAll(told);
    if (count > told.size()) {
      String more = "And " + (count - told.size()) + " more problems.";
      data.add(BatchError.ofFile("more_errors", more).json());
    }
    return json;
  }
}
