package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.gateway.submit.Fields;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a model is to think: {@code reasoning_effort}, OpenRouter's {@code reasoning}, or what
 * vLLM hands to Qwen3's chat template ({@code enable_thinking}). Unless it is asked for, a job does
 * not think.
 */
final class Reasoning {
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private Reasoning() {}

  /** The {@code think} of the job. */
  static Optional<JsonNode> of(Asked asked) {
    Optional<String> effort = asked.fields().oneOf("reasoning_effort", EFFORTS);
    Optional<JsonNode> reasoning = asked.fields().object("reasoning").flatMap(it -> of(it, asked));
    Optional<JsonNode> template =
        asked.fields().object("chat_template_kwargs").flatMap(Reasoning::ofTemplate);
    return effort.map(it -> think(it, asked)).or(() -> reasoning).or(() -> template);
  }

  private static Optional<JsonNode> of(Fields reasoning, Asked asked) {
    refuseOthers(
        "reasoning", reasoning, Set.of("effort", "enabled", "summary", "generate_summary"));
    Optional<JsonNode> enabled =
        reasoning
            .any("enabled")
            .map(it -> BooleanNode.valueOf(new Asked(reasoning).flag("enabled")));
    return reasoning.oneOf("effort", EFFORTS).map(it -> think(it, asked)).or(() -> enabled);
  }

  private static Optional<JsonNode> ofTemplate(Fields template) {
    refuseOthers("chat_template_kwargs", template, Set.of("enable_thinking", "thinking"));
    for (String name : List.of("enable_thinking", "thinking")) {
      if (template.has(name)) {
        return Optional.of(BooleanNode.valueOf(new Asked(template).flag(name)));
      }
    }
    return Optional.empty();
  }

  /**
   * Ollama takes degrees of thinking for gpt-oss alone, and refuses them for models that think or
   * do not (its server/routes.go, "think value is not supported for this model").
   */
  private static JsonNode think(String effort, Asked asked) {
    if (effort.equals("none")) {
      return BooleanNode.FALSE;
    }
    boolean degrees = asked.any("model").map(JsonNode::asText).orElse("").contains("gpt-oss");
    return degrees ? TextNode.valueOf(degree(effort)) : BooleanNode.TRUE;
  }

  private static String degree(String effort) {
    return switch (effort) {
      case "minimal", "low" -> "low";
      case "medium" -> "medium";
      default -> "high";
    };
  }

  private static void refuseOthers(String name, Fields fields, Set<String> known) {
    fields
        .json()
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                throw Unsupported.unknown(name + "." + field);
              }
            });
  }
}
