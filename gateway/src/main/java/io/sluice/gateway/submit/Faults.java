package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;

/** Everything that is wrong with one request, by JSON pointer, to be told at once. */
public final class Faults {
  private static final int TOLD_MAX = 100;

  private final ArrayNode told = Json.MAPPER.createArrayNode();
  private int count;

  public void add(String pointer, String detail) {
    count++;
    if (told.size() < TOLD_MAX) {
      told.addObject().put("pointer", pointer).put("detail", detail);
    }
  }

  public boolean any() {
    return count > 0;
  }

  public Problem problem() {
    String detail = count == 1 ? "One field is not valid." : count + " fields are not valid.";
    return ProblemCode.INVALID_REQUEST.with(detail).member("errors", told);
  }
}
