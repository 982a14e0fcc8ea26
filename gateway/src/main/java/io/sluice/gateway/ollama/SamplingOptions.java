package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.submit.Options;
import java.util.Map;

/**
 * The options of a request. Those of one request are passed on; those of the runner, which would
 * load the model anew for everybody, and those that nobody knows are left out, never passed on.
 */
final class SamplingOptions {
  private SamplingOptions() {}

  static void copy(Fields fields, ObjectNode job) {
    fields.object("options").ifPresent(options -> copyAll(options, job));
  }

  private static void copyAll(Fields options, ObjectNode job) {
    ObjectNode taken = Json.object();
    for (Map.Entry<String, JsonNode> option : options.json().properties()) {
      if (Options.isTaken(option.getKey()) && !option.getValue().isNull()) {
        taken.set(option.getKey(), whole(option.getValue()));
      }
    }
    if (!taken.isEmpty()) {
      job.set("options", taken);
    }
    options
        .any("num_predict")
        .map(SamplingOptions::whole)
        .filter(
            value ->
                options.check(
                    value.isIntegralNumber(), "num_predict", "It must be a whole number."))
        .filter(value -> value.decimalValue().signum() > 0)
        .ifPresent(value -> job.set("max_output_tokens", value));
  }

  /** Clients that have one type of numbers write {@code 40.0} for {@code 40}. */
  private static JsonNode whole(JsonNode value) {
    boolean whole =
        value.isFloatingPointNumber()
            && Math.abs(value.doubleValue()) < 1L << 53
            && value.doubleValue() == Math.rint(value.doubleValue());
    return whole ? Json.MAPPER.getNodeFactory().numberNode((long) value.doubleValue()) : value;
  }
}
