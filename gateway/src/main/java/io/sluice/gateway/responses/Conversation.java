package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.submit.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The input of a response as the messages of a chat. Calls that follow each other are one message
 * of the assistant; reasoning is left out, since models are not shown their old thoughts.
 */
final class Conversation {
  private final Fields request;
  private final ArrayNode messages = Json.MAPPER.createArrayNode();

  /** Where in the request each message came from. */
  private final List<String> places = new ArrayList<>();

  /** The names of the functions that were called, by the ids of the calls. */
  private final Map<String, String> called;

  /**
   * @param called by the responses before
   */
  Conversation(Fields request, Map<String, String> called) {
    this.request = request;
    this.called = new HashMap<>(called);
  }

  ArrayNode messages() {
    return messages;
  }

  List<String> places() {
    return List.copyOf(places);
  }

  /** Whether there are instructions, which become the first message. */
  boolean instruct() {
    Optional<String> given = request.text("instructions", 0, Integer.MAX_VALUE);
    given
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> add("/instructions", message("system").put("content", text)));
    return !messages.isEmpty();
  }

  void add(JsonNode input) {
    if (input.isTextual()) {
      add("/input", message("user").put("content", input.textValue()));
      return;
    }
    if (!request.check(input.isArray(), "input", "It must be a string or a list.")) {
      return;
    }
    for (int i = 0; i < input.size(); i++) {
      String place = "/input/" + i;
      if (input.get(i).isObject()) {
        item(new Fields(input.get(i), place, request.faults()));
      } else {
        request.faults().add(place, "It must be an object.");
      }
    }
  }

  private void item(Fields item) {
    switch (item.any("type").map(JsonNode::asText).orElse("message")) {
      case "message" -> message(item);
      case "function_call" -> call(item);
      case "function_call_output" -> answer(item);
      case "reasoning" -> {}
      default ->
          throw OpenAiMembers.refusal(
              OpenAiMembers.place(item.pointer() + "/type"),
              "unsupported_value",
              "Only messages, calls of functions and their outputs are served, and reasoning,"
                  + " which is passed over.");
    }
  }

  private void message(Fields item) {
    ObjectNode message = Json.object();
    item.any("role").ifPresent(role -> message.set("role", role));
    item.any("content")
        .ifPresent(
            content ->
                message.set("content", Parts.of(content, item.pointer() + "/content", request)));
    add(item.pointer(), message);
  }

  private void call(Fields item) {
    for (String name : List.of("call_id", "name", "arguments")) {
      item.check(item.has(name), name, "It is missing.");
    }
    ObjectNode call = Json.object().put("type", "function");
    item.any("call_id").ifPresent(id -> call.set("id", id));
    ObjectNode function = call.putObject("function");
    item.any("name").ifPresent(name -> function.set("name", name));
    item.any("arguments").ifPresent(arguments -> function.set("arguments", arguments));
    called.put(call.path("id").asText(), function.path("name").asText());
    calls(item.pointer()).add(call);
  }

  /** Those of the assistant's message before, or of a new one. */
  private ArrayNode calls(String place) {
    boolean goesOn =
        !messages.isEmpty()
            && messages.get(messages.size() - 1).path("role").asText().equals("assistant");
    if (!goesOn) {
      add(place, message("assistant"));
    }
    return ((ObjectNode) messages.get(messages.size() - 1)).withArray("tool_calls");
  }

  private void answer(Fields item) {
    item.check(item.has("output"), "output", "It is missing.");
    String id = item.any("call_id").map(JsonNode::asText).orElse("");
    item.check(called.containsKey(id), "call_id", "No call of a function has this id.");
    ObjectNode message = message("tool").put("tool_call_id", id);
    item.any("output")
        .ifPresent(
            output ->
                message.set("content", Parts.of(output, item.pointer() + "/output", request)));
    add(item.pointer(), message);
  }

  /** The name of the function that a call called. */
  Optional<String> calledBy(String id) {
    return Optional.ofNullable(called.get(id));
  }

  private static ObjectNode message(String role) {
    return Json.object().put("role", role);
  }

  private void add(String place, ObjectNode message) {
    places.add(place);
    messages.add(message);
  }
}
