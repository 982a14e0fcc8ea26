package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An audit event as JSON: the same fields in the same order wherever it is shown or kept. */
public final class AuditCodec {
  private static final int VALUE_CHARS_MAX = 1_000;
  private static final int NAME_CHARS_MAX = 64;
  private static final int DETAILS_MAX = 32;

  private AuditCodec() {}

  /** The event by itself. */
  public static ObjectNode write(AuditEvent event) {
    return write(event, Json.object());
  }

  /** Adds the fields of an event behind those that are there; what is too long is cut. */
  public static ObjectNode write(AuditEvent event, ObjectNode json) {
    json.put("time", event.at().toString())
        .put("action", event.action().wireName())
        .put("outcome", event.outcome().wireName());
    event.tenant().ifPresent(value -> json.put("tenant", cut(value, VALUE_CHARS_MAX)));
    event.principal().ifPresent(value -> json.put("principal", cut(value, VALUE_CHARS_MAX)));
    event.address().ifPresent(value -> json.put("address", cut(value, VALUE_CHARS_MAX)));
    event.target().ifPresent(value -> json.put("target", cut(value, VALUE_CHARS_MAX)));
    if (!event.details().isEmpty()) {
      ObjectNode details = json.putObject("details");
      new TreeMap<>(event.details())
          .entrySet().stream()
              .limit(DETAILS_MAX)
              .forEach(
                  detail ->
                      details.put(
                          cut(detail.getKey(), NAME_CHARS_MAX),
                          cut(detail.getValue(), VALUE_CHARS_MAX)));
    }
    return json;
  }

  /** Fields that belong to no event are passed over. */
  public static AuditEvent read(JsonNode json) {
    try {
      Map<String, String> details = new HashMap<>();
      json.path("details")
          .properties()
          .forEach(detail -> details.put(detail.getKey(), detail.getValue().asText()));
      return new AuditEvent(
          Instant.parse(json.path("time").asText()),
          AuditEvent.Action.valueOf(constant(json.path("action"))),
          AuditEvent.Outcome.valueOf(constant(json.path("outcome"))),
          text(json, "tenant"),
          text(json, "principal"),
          text(json, "address"),
          text(json, "target"),
          details);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new CodecException("no audit event: " + e.getMessage(), e);
    }
  }

  private static String constant(JsonNode name) {
    return name.asText().toUpperCase(Locale.ROOT);
  }

  private static Optional<String> text(JsonNode json, String name) {
    return Optional.ofNullable(json.path(name).textValue());
  }

  private static String cut(String value, int chars) {
    return value.length() <= chars ? value : value.substring(0, chars);
  }
}
