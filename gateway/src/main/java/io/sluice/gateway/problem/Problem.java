package io.sluice.gateway.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal: its code, a sentence for a person, further members and headers.
 *
 * @param detail one sentence; never the secret or the prompt that was sent
 */
public record Problem(
    ProblemCode code,
    String detail,
    Map<String, JsonNode> members,
    Map<String, String> headers,
    boolean closes) {

  public Problem(ProblemCode code, String detail) {
    this(code, detail, Map.of(), Map.of(), false);
  }

  /** The same in other words. */
  public Problem detail(String other) {
    return new Problem(code, other, members, headers, closes);
  }

  public Problem member(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(code, detail, more, headers, closes);
  }

  public Problem member(String name, long value) {
    return member(name, Json.MAPPER.getNodeFactory().numberNode(value));
  }

  public Problem header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(code, detail, members, more, closes);
  }

  public Problem retryAfter(Duration wait) {
    return header("Retry-After", String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds())));
  }

  /** What the client still sends is not read: the connection ends with this answer. */
  public Problem closing() {
    return new Problem(code, detail, members, headers, true);
  }

  public Refusal refusal() {
    return new Refusal(this);
  }

  public String json() {
    return Json.write(body());
  }

  ObjectNode body() {
    ObjectNode json =
        Json.object()
            .put("type", "urn:sluice:problem:" + code.wireName())
            .put("title", code.title())
            .put("status", code.status())
            .put("detail", detail)
            .put("code", code.wireName());
    members.forEach(json::set);
    return json;
  }
}
