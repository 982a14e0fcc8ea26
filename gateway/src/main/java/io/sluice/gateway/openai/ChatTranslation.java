package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A chat completion as a chat job. What changes an answer and cannot be honoured is refused; what
 * does not change it is left out.
 */
final class ChatTranslation {
  private static final Set<String> HONOURED =
      Names.of(
          SharedParameters.HONOURED,
          Set.of(
              "messages",
              "tools",
              "tool_choice",
              "parallel_tool_calls",
              "response_format",
              "reasoning_effort",
              "reasoning",
              "chat_template_kwargs",
              "max_completion_tokens",
              "logprobs",
              "top_logprobs",
              "modalities",
              "verbosity",
              "audio",
              "functions",
              "function_call",
              "moderation",
              "web_search_options"));

  private static final List<String> CHOICES_OF_TOOLS = List.of("auto", "none");

  private final Asked asked;
  private final ObjectNode job = Json.object();
  private final SharedParameters shared;

  ChatTranslation(Asked asked) {
    this.asked = asked;
    this.shared = new SharedParameters(asked, job);
  }

  Translation translate() {
    asked.allowOnly(HONOURED, SharedParameters.IGNORED);
    refuseOthers();
    shared.put();
    job.put("kind", "chat");
    asked.any("messages").ifPresent(all -> job.set("messages", new Messages(asked).of(all)));
    tools();
    ResponseFormat.of(asked).ifPresent(format -> shared.put("format", format, "response_format"));
    Reasoning.of(asked).ifPresent(think -> shared.put("think", think, "reasoning_effort"));
    asked.any("logprobs").ifPresent(wanted -> job.set("logprobs", wanted));
    asked.any("top_logprobs").ifPresent(most -> job.set("top_logprobs", most));
    AnswerForm form = shared.form("");
    asked.orRefuse();
    return new Translation(job, form, new Phrasing(shared.origins(), "messages"));
  }

  private void refuseOthers() {
    refuse("audio", "Audio is not served.");
    refuse("functions", "Use tools instead.");
    refuse("function_call", "Use tool_choice instead.");
    refuse("moderation", "Nothing is moderated here.");
    refuse("web_search_options", "Nothing is searched for here.");
    for (JsonNode modality : asked.any("modalities").orElse(Json.MAPPER.createArrayNode())) {
      if (!modality.asText().equals("text")) {
        throw Unsupported.value("modalities", "Only \"text\" is served.");
      }
    }
    if (asked.any("verbosity").filter(it -> !it.asText().equals("medium")).isPresent()) {
      throw Unsupported.value("verbosity", "Only \"medium\" is served: ask for it in the prompt.");
    }
  }

  private void refuse(String name, String detail) {
    if (asked.any(name).isPresent()) {
      throw Unsupported.parameter(name, detail);
    }
  }

  private void tools() {
    Optional<JsonNode> tools = asked.any("tools").filter(all -> !all.isArray() || !all.isEmpty());
    Optional<JsonNode> choice = asked.any("tool_choice");
    if (choice.filter(it -> !CHOICES_OF_TOOLS.contains(it.asText())).isPresent()) {
      throw Unsupported.value(
          "tool_choice",
          "Only \"auto\" and \"none\" are supported: the engines decide by themselves whether to"
              + " call a tool. For an answer of a certain form use response_format.");
    }
    boolean wanted = tools.isPresent() && choice.filter(it -> it.asText().equals("none")).isEmpty();
    if (wanted) {
      job.set("tools", withoutStrict(tools.get()));
      onlyParallel();
    }
  }

  private void onlyParallel() {
    boolean single =
        asked
            .any("parallel_tool_calls")
            .filter(it -> it.isBoolean() && !it.booleanValue())
            .isPresent();
    if (single) {
      throw Unsupported.value(
          "parallel_tool_calls",
          "Only true is supported: the engines decide by themselves how many tools to call.");
    }
  }

  /** No engine here holds the arguments of a call to their schema; a grammar is for the answer. */
  private static JsonNode withoutStrict(JsonNode tools) {
    JsonNode copy = tools.deepCopy();
    for (JsonNode tool : copy) {
      if (tool.path("function") instanceof ObjectNode function) {
        function.remove("strict");
      }
    }
    return copy;
  }
}
