package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.submit.Fields;
import java.util.regex.Pattern;

/**
 * A {@code keep_alive}: seconds as a number, or a duration as Go writes it. The workers pin their
 * models, so that all that matters is whether it is nothing.
 */
record Seconds(boolean isZero) {
  private static final Pattern GO =
      Pattern.compile("[+-]?(0|([0-9]*\\.?[0-9]+|[0-9]+\\.)(ns|us|µs|ms|s|m|h))+");
  private static final Pattern NOTHING = Pattern.compile("[^1-9]*");

  static Seconds read(Fields fields, String name) {
    return fields
        .any(name)
        .filter(
            value ->
                fields.check(
                    value.isNumber() || isDuration(value),
                    name,
                    "It must be a number of seconds, or a duration such as \"5m\"."))
        .map(
            value ->
                new Seconds(
                    value.isNumber()
                        ? value.doubleValue() == 0
                        : !value.textValue().isEmpty()
                            && NOTHING.matcher(value.textValue()).matches()))
        .orElse(new Seconds(false));
  }

  /** Some front ends send the number as text, or nothing as an empty one. */
  private static boolean isDuration(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : "?";
    return text.isEmpty()
        || text.length() <= 64 && GO.matcher(text).matches()
        || text.matches("-?[0-9]{1,18}");
  }
}
