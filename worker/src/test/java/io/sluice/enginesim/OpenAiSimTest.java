package io.sluice.enginesim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The simulator's second surface, as a plain client sees it. */
class OpenAiSimTest {
  private static final String CHAT = "/v1/chat/completions";

  private EngineSim sim;
  private SimClient client;

  private void start(SimConfig config, OpenAiSim openAi) {
    sim = EngineSim.start(config, openAi);
    client = new SimClient(sim);
  }

  @AfterEach
  void stop() {
    client.close();
    sim.close();
  }

  private static ObjectNode chat(String prompt) {
    ObjectNode body = Json.object().put("model", "qwen3:14b");
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    body.putObject("chat_template_kwargs").put("enable_thinking", false);
    return body;
  }

  @Test
  void answers_whole_unless_a_stream_is_asked_for() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(12), OpenAiSim.DEFAULT);
    JsonNode answer = Json.parse(client.post(CHAT, chat("What is a queue?")).body());
    JsonNode choice = answer.path("choices").path(0);
    assertThat(choice.path("message").path("content").asText())
        .isEqualTo(SimText.answer("What is a queue?", 42).first(12))
        .startsWith("(Simulated answer, no model ran.)");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.path("usage").path("completion_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void streams_events_and_counts_only_where_that_is_asked_for() throws Exception {
    start(SimConfig.DEFAULT.answerTokens(3), OpenAiSim.DEFAULT);
    ObjectNode body = chat("a").put("stream", true).put("max_tokens", 2);
    List<String> plain = events(client.post(CHAT, body));
    assertThat(plain).hasSize(5).last().isEqualTo("[DONE]");
    assertThat(plain.get(3)).contains("\"finish_reason\":\"length\"");
    body.putObject("stream_options").put("include_usage", true);
    HttpResponse<String> counted = client.post(CHAT, body);
    assertThat(counted.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(events(counted).get(4)).contains("\"choices\":[]", "\"completion_tokens\":2");
  }

  private static List<String> events(HttpResponse<String> response) {
    return response
        .body()
        .lines()
        .filter(line -> !line.isEmpty())
        .peek(line -> assertThat(line).startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .collect(Collectors.toList());
  }

  @Test
  void refuses_what_is_missing_or_too_long_as_vllm_does() throws Exception {
    start(SimConfig.DEFAULT, OpenAiSim.DEFAULT);
    HttpResponse<String> missing = client.post(CHAT, chat("a").put("model", "other"));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("does not exist", "NotFoundError");
    HttpResponse<String> overlong = client.post(CHAT, chat("a").put("max_tokens", 9000));
    assertThat(overlong.statusCode()).isEqualTo(400);
    assertThat(overlong.body()).contains("maximum context length is");
    assertThat(client.post(CHAT, Json.object()).statusCode()).isEqualTo(400);
    assertThat(client.get(CHAT).statusCode()).isEqualTo(405);
    assertThat(client.get("/api/chat").statusCode()).isEqualTo(404);
  }

  @Test
  void wants_its_key_everywhere_but_for_health_and_metrics() throws Exception {
    start(SimConfig.DEFAULT, OpenAiSim.DEFAULT.key("sk-x").cacheTokens(4096));
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
    assertThat(client.get("/metrics").body())
        .contains("vllm:cache_config_info{block_size=\"16\",engine=\"0\",num_gpu_blocks=\"256\"}");
    assertThat(client.get("/v1/models").statusCode()).isEqualTo(401);
    assertThat(client.post(CHAT, chat("a")).statusCode()).isEqualTo(401);
  }

  @Test
  void promises_no_longer_context_than_its_cache_holds() throws Exception {
    start(SimConfig.DEFAULT, OpenAiSim.DEFAULT.cacheTokens(4096));
    JsonNode models = Json.parse(client.get("/v1/models").body());
    assertThat(models.path("data").path(0).path("max_model_len").asInt()).isEqualTo(4096);
  }

  @Test
  void takes_the_errors_of_both_protocols_by_name_and_no_others() throws Exception {
    start(SimConfig.DEFAULT, OpenAiSim.DEFAULT);
    sim.faults(Fault.always(OpenAiError.LOADING));
    assertThat(client.post(CHAT, chat("a")).body()).contains("Loading model");
    sim.faults(Fault.always(EngineError.OOM_HIP));
    assertThat(client.post(CHAT, chat("a")).body()).contains("CUDA out of memory");
    assertThatThrownBy(() -> Fault.always(FaultKind.STATUS, "nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
