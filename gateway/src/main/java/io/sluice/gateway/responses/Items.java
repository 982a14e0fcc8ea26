package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.codec.Json;

/**
 * What a response is made of: a reasoning, a message, calls of functions. Their names follow from
 * the job and their kind, so that a stream and the finished response speak of the same ones.
 */
record Items(JobId job) {
  static final String COMPLETED = "completed";
  static final String INCOMPLETE = "incomplete";
  static final String IN_PROGRESS = "in_progress";

  /** What a finished job put out, in the order in which models do. */
  ArrayNode of(Output output, JobState state) {
    ArrayNode items = Json.MAPPER.createArrayNode();
    boolean more = !output.text().isEmpty() || !output.toolCalls().isEmpty();
    output
        .thinking()
        .ifPresent(it -> items.add(reasoning(0, more ? COMPLETED : lastStatus(state), it)));
    if (!output.text().isEmpty()) {
      String status = output.toolCalls().isEmpty() ? lastStatus(state) : COMPLETED;
      items.add(message(0, status, output.text()));
    }
    for (int i = 0; i < output.toolCalls().size(); i++) {
      items.add(call(i, COMPLETED, output.toolCalls().get(i)));
    }
    return items;
  }

  /** Only an answer that came to its end has a whole last item. */
  static String lastStatus(JobState state) {
    return state == JobState.COMPLETED ? COMPLETED : INCOMPLETE;
  }

  String reasoningId(int nth) {
    return name("rs_", nth);
  }

  String messageId(int nth) {
    return name("msg_", nth);
  }

  private String callId(int nth) {
    return name("fc_", nth);
  }

  ObjectNode reasoningBegun(int nth) {
    ObjectNode item = item("reasoning", reasoningId(nth), IN_PROGRESS);
    item.putArray("summary");
    item.putArray("content");
    return item;
  }

  ObjectNode reasoning(int nth, String status, String text) {
    ObjectNode item = reasoningBegun(nth).put("status", status);
    item.withArray("content").add(reasoningText(text));
    return item;
  }

  static ObjectNode reasoningText(String text) {
    return Json.object().put("type", "reasoning_text").put("text", text);
  }

  ObjectNode messageBegun(int nth) {
    ObjectNode item = item("message", messageId(nth), IN_PROGRESS).put("role", "assistant");
    item.putArray("content");
    return item;
  }

  ObjectNode message(int nth, String status, String text) {
    ObjectNode item = messageBegun(nth).put("status", status);
    item.withArray("content").add(outputText(text));
    return item;
  }

  static ObjectNode outputText(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  /**
   * @param json as the engine sent it
   */
  ObjectNode call(int nth, String status, String json) {
    JsonNode function = Json.parse(json).path("function");
    JsonNode arguments = function.path("arguments");
    return item("function_call", callId(nth), status)
        .put("call_id", calledAs(nth, json))
        .put("name", function.path("name").asText())
        .put("arguments", arguments.isTextual() ? arguments.textValue() : Json.write(arguments));
  }

  /**
   * The name under which a client answers a call. Engines that number them begin at 0 in each
   * answer; in a conversation names must not repeat.
   */
  String calledAs(int nth, String json) {
    String given = Json.parse(json).path("id").asText("");
    return given.matches("(call_[0-9]{0,3})?") ? name("call_", nth) : given;
  }

  private static ObjectNode item(String type, String id, String status) {
    return Json.object().put("id", id).put("type", type).put("status", status);
  }

  private String name(String prefix, int nth) {
    return prefix + ResponseId.bare(job) + (nth == 0 ? "" : "_" + nth);
  }
}
