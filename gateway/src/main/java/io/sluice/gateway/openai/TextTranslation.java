package io.sluice.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Optional;
import java.util.Set;

/** A text completion as a job that generates from one prompt. */
final class TextTranslation {
  private static final Set<String> OWN =
      Set.of("prompt", "suffix", "echo", "best_of", "logprobs", "max_completion_tokens");

  private static final Set<String> HONOURED = Names.of(SharedParameters.HONOURED, OWN);

  private static final int LOGPROBS_MAX = 5;

  private final Asked asked;
  private final ObjectNode job = Json.object();
  private final SharedParameters shared;

  TextTranslation(Asked asked) {
    this.asked = asked;
    this.shared = new SharedParameters(asked, job);
  }

  Translation translate() {
    asked.allowOnly(HONOURED, SharedParameters.IGNORED);
    shared.put();
    shared.onlyOneChoice("best_of");
    job.put("kind", "generate");
    Optional<JsonNode> prompt = prompt();
    prompt.ifPresent(text -> job.set("prompt", text));
    asked.any("suffix").ifPresent(suffix -> job.set("suffix", suffix));
    boolean logprobs = logprobs();
    String echo = asked.flag("echo") ? prompt.map(JsonNode::asText).orElse("") : "";
    AnswerForm form = shared.form(echo);
    asked.orRefuse();
    if (logprobs && !echo.isEmpty()) {
      throw Unsupported.value("echo", "The engines do not say logprobs of a prompt.");
    }
    return new Translation(job, form, new Phrasing(shared.origins(), "prompt"));
  }

  /** A text, or a list of one. */
  private Optional<JsonNode> prompt() {
    Optional<JsonNode> given = asked.any("prompt");
    if (given.filter(JsonNode::isArray).isEmpty()) {
      return given;
    }
    JsonNode list = given.get();
    if (list.size() == 1 && list.get(0).isTextual()) {
      return Optional.of(list.get(0));
    }
    throw Unsupported.value(
        "prompt", "Only one prompt, as text, is supported. Send a request for each.");
  }

  private boolean logprobs() {
    Optional<Long> most = asked.fields().whole("logprobs", 0, LOGPROBS_MAX);
    most.ifPresent(
        number -> {
          job.put("logprobs", true);
          if (number > 0) {
            shared.put("top_logprobs", Json.MAPPER.getNodeFactory().numberNode(number), "logprobs");
          }
        });
    return most.isPresent();
  }
}
