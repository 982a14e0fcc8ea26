package io.sluice.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whatever JSON comes: a refusal in OpenAI's terms, or a job that any part reads the same. */
class HostileRequestsTest {
  private static final long SEED = 20_260_103;
  private static final int CHANGED = 20_000;

  private static final String CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"t\"},{\"type\":\"image_url\",\"image_url\":"
          + "{\"url\":\"data:image/png;base64,AA==\"}}]},{\"role\":\"assistant\",\"content\":null,"
          + "\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\","
          + "\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c\","
          + "\"content\":\"r\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
          + "\"strict\":true}}],\"tool_choice\":\"auto\",\"stream\":true,\"stream_options\":"
          + "{\"include_usage\":true},\"n\":1,\"seed\":1,\"stop\":[\"x\"],\"max_tokens\":3,"
          + "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{}}},"
          + "\"reasoning_effort\":\"low\",\"reasoning\":{\"effort\":\"low\"},\"metadata\":{\"a\":\"b\"},"
          + "\"service_tier\":\"auto\",\"modalities\":[\"text\"],\"logit_bias\":{},\"user\":\"u\","
          + "\"chat_template_kwargs\":{\"thinking\":true},\"logprobs\":true,\"top_logprobs\":1}";

  private static final String TEXT =
      "{\"model\":\"m\",\"prompt\":[\"p\"],\"suffix\":\"s\",\"echo\":false,\"best_of\":1,\"logprobs\":2,"
          + "\"stream\":true,\"stream_options\":{},\"stop\":\"x\",\"seed\":-1,\"n\":1}";

  /** What may stand where something else was expected. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "0",
          "-1",
          "1e400",
          "99999999999999999999",
          "\"\"",
          "\"x\"",
          "\"\\ud800\"",
          "\"{\\\"a\\\":[[[\"",
          "\"data:image/png;base64,\"",
          "[]",
          "[[]]",
          "[null]",
          "{}",
          "{\"a\":{\"b\":[{}]}}",
          "true",
          "false");

  @Test
  void any_chat_is_refused_or_read() {
    assertThat(run(CHAT, Translation::ofChat)).isBetween(CHANGED / 20, CHANGED - CHANGED / 20);
  }

  @Test
  void any_text_completion_is_refused_or_read() {
    assertThat(run(TEXT, Translation::ofText)).isBetween(CHANGED / 20, CHANGED - CHANGED / 20);
  }

  /** How many were taken. */
  private static int run(String seed, Function<JsonNode, Translation> translate) {
    Random random = new Random(SEED);
    int taken = 0;
    for (int i = 0; i < CHANGED; i++) {
      JsonNode request = Json.parse(seed);
      for (int change = random.nextInt(3); change >= 0; change--) {
        request = changed(request, random);
      }
      taken += taken(request, translate) ? 1 : 0;
    }
    return taken;
  }

  private static boolean taken(JsonNode request, Function<JsonNode, Translation> translate) {
    Translation translation;
    try {
      translation = translate.apply(request);
    } catch (Refusal refusal) {
      OpenAiError error = OpenAiError.of(refusal.problem());
      assertThat(error.status()).as(Json.write(request)).isEqualTo(400);
      assertThat(error.message()).isNotBlank();
      return false;
    }
    String job = Json.write(translation.job());
    assertThat(Json.write(StrictJson.parse(job.getBytes(StandardCharsets.UTF_8))).length())
        .as(Json.write(request))
        .isPositive();
    return true;
  }

  private static JsonNode changed(JsonNode root, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    if (containers.isEmpty()) {
      return root;
    }
    JsonNode value = Json.parse(VALUES.get(random.nextInt(VALUES.size())));
    switch (containers.get(random.nextInt(containers.size()))) {
      case ObjectNode object -> {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(4) == 0) {
          object.remove(name);
        } else {
          object.set(name, value);
        }
      }
      case ArrayNode array -> array.set(random.nextInt(array.size()), value);
      default -> throw new AssertionError();
    }
    return root;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
