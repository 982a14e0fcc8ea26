package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.openai.Translation;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A request for a response, read: the job that it becomes, by way of a chat completion, whose
 * parameters mean the same.
 *
 * @param phrasing tells what is wrong with the job by the names of the request
 */
record ResponseRequest(ObjectNode job, Kept kept, boolean stream, UnaryOperator<Problem> phrasing) {

  /** By their names here and in a chat completion. */
  private static final Map<String, String> TAKEN =
      Map.ofEntries(
          Map.entry("model", "model"),
          Map.entry("tool_choice", "tool_choice"),
          Map.entry("parallel_tool_calls", "parallel_tool_calls"),
          Map.entry("max_output_tokens", "max_completion_tokens"),
          Map.entry("temperature", "temperature"),
          Map.entry("top_p", "top_p"),
          Map.entry("metadata", "metadata"),
          Map.entry("user", "user"),
          Map.entry("safety_identifier", "safety_identifier"),
          Map.entry("service_tier", "service_tier"),
          Map.entry("seed", "seed"),
          Map.entry("stop", "stop"));

  private static final Set<String> OTHERS =
      Set.of(
          "input",
          "instructions",
          "tools",
          "text",
          "reasoning",
          "store",
          "previous_response_id",
          "background",
          "stream",
          "stream_options",
          "truncation",
          "include",
          "top_logprobs",
          "max_tool_calls",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention");

  private static final Set<String> NOT_SERVED =
      Set.of("conversation", "prompt", "context_management", "moderation");

  private static final List<String> ECHOED =
      List.of(
          "tool_choice",
          "parallel_tool_calls",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "reasoning",
          "text");

  /** Nobody is kept waiting: it may wait for a day, and one attempt take ten minutes. */
  private static final String BACKGROUND_QUEUE = "24h";

  private static final String BACKGROUND_ATTEMPT = "10m";

  /** Refuses with a {@code Refusal} what cannot be done as asked. */
  static ResponseRequest of(JsonNode json, Previous previous) {
    Faults faults = new Faults();
    if (!json.isObject()) {
      faults.add("", "The body must be a JSON object.");
      throw faults.problem().refusal();
    }
    Fields request = new Fields(json, "", faults);
    refuseOthers(request);
    Conversation conversation = new Conversation(request, previous.called());
    boolean instructed = conversation.instruct();
    request.check(request.has("input"), "input", "It is missing.");
    request.any("input").ifPresent(conversation::add);
    ObjectNode chat = chat(request);
    boolean background = flag(request, "background", false);
    boolean store = flag(request, "store", true);
    boolean stream = flag(request, "stream", false);
    if (background && !store) {
      throw OpenAiMembers.refusal(
          "store", "unsupported_value", "What runs in the background has to be stored.");
    }
    if (faults.any()) {
      throw faults.problem().refusal();
    }
    Translation translation =
        translated(chat.set("messages", conversation.messages()), conversation);
    ObjectNode job = translation.job();
    if (background) {
      job.put("queue_timeout", BACKGROUND_QUEUE).put("timeout", BACKGROUND_ATTEMPT);
    }
    int history = splice(job, conversation, previous, instructed ? 1 : 0);
    Kept kept =
        new Kept(
            background,
            store,
            request.any("previous_response_id").map(JsonNode::asText),
            instructed,
            history,
            echo(request));
    Names names = new Names(places(conversation, previous, instructed ? 1 : 0));
    UnaryOperator<Problem> ofJob = translation.phrasing();
    return new ResponseRequest(job, kept, stream, problem -> names.apply(ofJob.apply(problem)));
  }

  private static void refuseOthers(Fields request) {
    request
        .json()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!OTHERS.contains(name)
                  && !TAKEN.containsKey(name)
                  && !NOT_SERVED.contains(name)) {
                String told = name.length() > 64 ? name.substring(0, 64) + "…" : name;
                throw OpenAiMembers.refusal(
                    told, "unknown_parameter", "There is no parameter '" + told + "'.");
              }
            });
    for (String name : NOT_SERVED) {
      if (request.has(name)) {
        throw OpenAiMembers.refusal(name, "unsupported_parameter", "It is not served here.");
      }
    }
    if (request.any("truncation").filter(it -> !it.asText().equals("disabled")).isPresent()) {
      throw OpenAiMembers.refusal(
          "truncation", "unsupported_value", "Only \"disabled\" is served: nothing is cut off.");
    }
    boolean logprobs =
        request.any("top_logprobs").filter(most -> most.asInt(1) != 0).isPresent()
            || request.texts("include", 100, 100).contains("message.output_text.logprobs");
    if (logprobs) {
      throw OpenAiMembers.refusal(
          "top_logprobs", "unsupported_parameter", "Ask /v1/chat/completions for logprobs.");
    }
  }

  private static boolean flag(Fields request, String name, boolean otherwise) {
    return request
        .any(name)
        .filter(value -> request.check(value.isBoolean(), name, "It must be true or false."))
        .map(JsonNode::booleanValue)
        .orElse(otherwise);
  }

  private static ObjectNode chat(Fields request) {
    ObjectNode chat = Json.object();
    TAKEN.forEach((name, to) -> request.any(name).ifPresent(value -> chat.set(to, value)));
    request.any("tools").ifPresent(tools -> chat.set("tools", tools(request, tools)));
    request.object("text").ifPresent(text -> text(text, chat));
    request
        .object("reasoning")
        .flatMap(reasoning -> reasoning.any("effort"))
        .ifPresent(effort -> chat.set("reasoning_effort", effort));
    return chat;
  }

  private static JsonNode tools(Fields request, JsonNode tools) {
    if (!tools.isArray()) {
      return tools;
    }
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (int i = 0; i < tools.size(); i++) {
      JsonNode tool = tools.get(i);
      if (tool.isObject() && !tool.path("type").asText().equals("function")) {
        throw OpenAiMembers.refusal(
            "tools[" + i + "].type", "unsupported_value", "Only functions can be called here.");
      }
      ObjectNode function = all.addObject().put("type", "function").putObject("function");
      for (String name : List.of("name", "description", "parameters")) {
        if (tool.hasNonNull(name)) {
          function.set(name, tool.get(name));
        }
      }
    }
    return all;
  }

  private static void text(Fields text, ObjectNode chat) {
    text.any("verbosity").ifPresent(verbosity -> chat.set("verbosity", verbosity));
    text.object("format")
        .ifPresent(
            format -> {
              ObjectNode to = chat.putObject("response_format");
              format.any("type").ifPresent(type -> to.set("type", type));
              if (format.any("type").filter(it -> it.asText().equals("json_schema")).isPresent()) {
                ObjectNode schema = to.putObject("json_schema");
                format.any("name").ifPresent(name -> schema.set("name", name));
                format.any("schema").ifPresent(it -> schema.set("schema", it));
              }
            });
  }

  private static Translation translated(JsonNode chat, Conversation conversation) {
    try {
      return Translation.ofChat(chat);
    } catch (Refusal refusal) {
      throw new Names(conversation.places()).apply(refusal.problem()).refusal();
    }
  }

  /**
   * Puts what was said before between the instructions and the input; says how much is not input.
   */
  private static int splice(
      ObjectNode job, Conversation conversation, Previous previous, int instructions) {
    JsonNode own = job.path("messages");
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (int i = 0; i < own.size(); i++) {
      all.add(named(own.get(i), conversation));
    }
    for (int i = 0; i < previous.messages().size(); i++) {
      all.insert(instructions + i, previous.messages().get(i));
    }
    job.set("messages", all);
    return instructions + previous.messages().size();
  }

  /** A chat that names a function only by a call before it does not know which one was called. */
  private static JsonNode named(JsonNode message, Conversation conversation) {
    if (message instanceof ObjectNode answer
        && answer.path("role").asText().equals("tool")
        && !answer.has("tool_name")) {
      conversation
          .calledBy(answer.path("tool_call_id").asText())
          .ifPresent(name -> answer.put("tool_name", name));
    }
    return message;
  }

  private static List<String> places(
      Conversation conversation, Previous previous, int instructions) {
    List<String> places = new ArrayList<>(conversation.places());
    for (int i = 0; i < previous.messages().size(); i++) {
      places.add(instructions, "/previous_response_id");
    }
    return places;
  }

  private static ObjectNode echo(Fields request) {
    ObjectNode echo = Json.object();
    ECHOED.forEach(name -> request.any(name).ifPresent(it -> echo.set(name, it.deepCopy())));
    if (echo.path("text").path("format") instanceof ObjectNode format) {
      format.remove("schema");
    }
    return echo;
  }
}
