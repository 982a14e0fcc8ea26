package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobKind;
import io.sluice.gateway.held.HeldConfig.Failures;
import java.time.InstantSource;
import java.util.List;

/** The body of {@code POST /api/generate}. */
final class GenerateRequest extends Request {
  private static final List<String> PROMPT = List.of("prompt", "suffix", "system", "images");

  GenerateRequest(JsonNode json, Failures failures, InstantSource clock) {
    super(json, failures, clock);
  }

  @Override
  JobKind kind() {
    return JobKind.GENERATE;
  }

  @Override
  Shape shape() {
    return Shape.GENERATE;
  }

  @Override
  boolean isEmpty() {
    return fields()
        .any("prompt")
        .map(prompt -> prompt.isTextual() && prompt.textValue().isEmpty())
        .orElse(true);
  }

  @Override
  void prompt(ObjectNode job) {
    job.setAll(some(fields().json(), PROMPT));
    refuse(bool("raw", false), "raw", "Prompts are put into the template of their model here.");
    refuse(
        fields().text("template", 0, Integer.MAX_VALUE).filter(it -> !it.isEmpty()).isPresent(),
        "template",
        "The template belongs to the model and cannot be set by a request.");
    refuse(
        fields().any("context").filter(it -> !(it.isArray() && it.isEmpty())).isPresent(),
        "context",
        "Conversations are not kept as tokens; send the messages to /api/chat.");
  }

  /** What would change the answer cannot just be left out. */
  private void refuse(boolean wished, String name, String why) {
    fields().check(!wished, name, why);
  }
}
