package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobRecord;
import io.sluice.Output;
import io.sluice.codec.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The conversation up to the end of a response, as the record of its job holds it: all messages but
 * the instructions, which are of one response alone, and its answer.
 *
 * @param called the names of the functions that were called, by the ids of the calls
 * @param chars how long it is, about
 */
record Previous(ArrayNode messages, Map<String, String> called, int chars) {
  static final Previous NONE = new Previous(Json.MAPPER.createArrayNode(), Map.of(), 0);

  /**
   * @param ended a response that has ended with an answer
   */
  static Previous of(JobRecord ended) {
    ArrayNode messages = Json.MAPPER.createArrayNode();
    boolean instructed = Kept.of(ended.job()).orElseThrow().instructed();
    int at = 0;
    for (JsonNode message : Json.parse(ended.job().request()).path("messages")) {
      if (at++ > 0 || !instructed) {
        messages.add(message);
      }
    }
    messages.add(answer(ended));
    return new Previous(messages, called(messages), ended.job().request().length());
  }

  private static ObjectNode answer(JobRecord ended) {
    Output output = ended.ending().orElseThrow().output();
    ObjectNode message = Json.object().put("role", "assistant").put("content", output.text());
    List<String> calls = output.toolCalls();
    for (int i = 0; i < calls.size(); i++) {
      JsonNode function = Json.parse(calls.get(i)).path("function");
      ObjectNode call = message.withArray("tool_calls").addObject().put("type", "function");
      call.put("id", new Items(ended.id()).calledAs(i, calls.get(i)));
      ObjectNode to = call.putObject("function").put("name", function.path("name").asText());
      JsonNode arguments = function.path("arguments");
      to.set("arguments", arguments.isObject() ? arguments : Json.object());
    }
    return message;
  }

  private static Map<String, String> called(ArrayNode messages) {
    Map<String, String> called = new HashMap<>();
    for (JsonNode message : messages) {
      for (JsonNode call : message.path("tool_calls")) {
        called.put(call.path("id").asText(), call.at("/function/name").asText());
      }
    }
    return called;
  }
}
