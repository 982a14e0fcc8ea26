package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/** What a client got in each case. */
record Cases(Map<String, JsonNode> byName) {
  Cases {
    byName = Map.copyOf(byName);
  }

  /** What came in this case, which is none in which the client told of an error. */
  JsonNode answered(String name) {
    JsonNode told = told(name);
    if (told.has("error")) {
      throw new AssertionError(name + " has no answer, but " + told);
    }
    return told;
  }

  /** The error that the client told of in this case. */
  JsonNode refused(String name) {
    JsonNode told = told(name);
    if (!told.has("error")) {
      throw new AssertionError(name + " was answered: " + told);
    }
    return told.path("error");
  }

  private JsonNode told(String name) {
    JsonNode told = byName.get(name);
    if (told == null) {
      String others = byName.keySet().stream().sorted().collect(Collectors.joining(", "));
      throw new AssertionError("the driver told nothing of " + name + ", but of " + others);
    }
    return told;
  }
}
