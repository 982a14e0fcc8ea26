package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The calls that Open WebUI makes, as it makes them, read as it reads them: its {@code
 * routers/ollama.py} and {@code utils/response.py}, version 0.12.4.
 */
class OpenWebUiIT {
  /** What its reader of lines takes in one. */
  private static final int LINE_BYTES_MAX = 128 * 1024;

  /** What {@code datetime.fromisoformat} of Python 3.10 and older reads. */
  private static final String OLD_PYTHON_TIME =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}|\\.\\d{6})?[+-]\\d\\d:\\d\\d";

  private static final String ADA = "3f1c7a52-ada";
  private static final String BOB = "9b0e4d11-bob";

  private static ServedSluice sluice;
  private static String key;
  private static HttpClient http;

  @BeforeAll
  static void start(@TempDir Path folder) {
    http = HttpClient.newHttpClient();
    sluice = ServedSluice.start(folder);
    key = sluice.keyOf("open-webui", "session_requests_per_minute", 20);
  }

  @AfterAll
  static void stop() {
    http.shutdownNow();
    if (sluice != null) {
      sluice.close();
    }
  }

  @Test
  void the_version_is_told_without_a_key_in_numbers_that_it_compares() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(sluice.url() + "/api/version")).build();
    String version = json(http.send(request, BodyHandlers.ofString())).path("version").asText();
    assertThat(version.replaceAll("^v|-.*", "").split("\\."))
        .allMatch(part -> part.matches("\\d+"));
  }

  @Test
  void its_list_of_models_has_what_it_shows_and_sends_back() throws Exception {
    JsonNode model = json(call("GET", "/api/tags", "")).path("models").path(0);
    assertThat(model.path("model").asText()).isEqualTo(ServedSluice.MODEL);
    assertThat(model.path("name").asText()).isEqualTo(ServedSluice.MODEL);
    assertThat(model.path("details").path("parameter_size").asText()).isNotEmpty();
    assertThat(model.path("size").asLong()).isPositive();
  }

  @Test
  void it_is_told_until_when_a_model_stays_loaded() throws Exception {
    json(call("POST", "/api/chat", chat("hello").replace("true", "false")));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !json(call("GET", "/api/ps", "")).path("models").isEmpty());
    JsonNode loaded = json(call("GET", "/api/ps", "")).path("models").path(0);
    assertThat(loaded.path("model").asText()).isEqualTo(ServedSluice.MODEL);
    assertThat(loaded.path("expires_at").asText()).matches(OLD_PYTHON_TIME);
  }

  @Test
  void each_line_of_a_chat_is_an_object_that_it_reads() throws Exception {
    HttpResponse<String> response = call("POST", "/api/chat", chat(Asked.CHAT));
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    List<JsonNode> lines = response.body().lines().map(Json::parse).toList();
    assertThat(response.body().lines())
        .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length < LINE_BYTES_MAX);
    assertThat(text(lines)).isEqualTo(Asked.answer());
    JsonNode last = lines.getLast();
    assertThat(lines.stream().filter(line -> line.path("done").asBoolean())).containsExactly(last);
    for (String count :
        List.of("prompt_eval_count", "eval_count", "eval_duration", "total_duration")) {
      assertThat(last.path(count).asLong()).as(count).isPositive();
    }
  }

  @Test
  void the_embeddings_of_its_documents_come_in_order() throws Exception {
    String body = "{\"model\":\"qwen3-embedding:0.6b\",\"input\":[\"one\",\"two\",\"one\"]}";
    JsonNode vectors = json(call("POST", "/api/embed", body)).path("embeddings");
    assertThat(vectors).hasSize(3);
    assertThat(vectors.path(0)).isEqualTo(vectors.path(2)).isNotEqualTo(vectors.path(1));
  }

  @Test
  void what_it_asks_of_a_model_is_told() throws Exception {
    JsonNode shown = json(call("POST", "/api/show", "{\"name\":\"qwen3:14b\"}"));
    assertThat(shown.path("model_info").isObject()).isTrue();
  }

  @Test
  void it_cannot_manage_models_and_is_told_so() throws Exception {
    for (String verb : List.of("pull", "push", "create", "copy")) {
      HttpResponse<String> response = call("POST", "/api/" + verb, "{\"model\":\"x\"}");
      assertThat(response.statusCode()).as(verb).isEqualTo(403);
      assertThat(Json.parse(response.body()).path("error").asText()).as(verb).isNotBlank();
    }
    assertThat(call("DELETE", "/api/delete", "{\"model\":\"x\"}").statusCode()).isEqualTo(403);
  }

  @Test
  void its_stop_button_frees_the_engine() throws Exception {
    long before = sluice.engine().stats().cancelled();
    HttpRequest endless = request("POST", "/api/chat", chat("[[sim:endless]] go on"), ADA).build();
    try (InputStream stream = http.send(endless, BodyHandlers.ofInputStream()).body()) {
      assertThat(stream.read()).isPositive();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> sluice.engine().stats().cancelled() > before);
  }

  @Test
  void each_of_its_users_has_limits_of_their_own() throws Exception {
    String office = sluice.keyOf("office", "session_requests_per_minute", 1);
    String body = chat("hello");
    assertThat(send(request("POST", "/api/chat", body, ADA), office).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send(request("POST", "/api/chat", body, ADA), office);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Json.parse(refused.body()).path("error").asText()).isNotBlank();
    assertThat(send(request("POST", "/api/chat", body, BOB), office).statusCode()).isEqualTo(200);
  }

  /** With options that would make an engine load its model anew, which its users can set. */
  private static String chat(String prompt) {
    return """
        {"model":"qwen3:14b","messages":[{"role":"user","content":"%s"}],"stream":true,
         "think":false,"keep_alive":"5m","options":{"num_ctx":2048,"num_thread":2,"temperature":0.3}}"""
        .formatted(prompt);
  }

  private static String text(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> line.path("message").path("content").asText())
        .collect(Collectors.joining());
  }

  private static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.parse(response.body());
  }

  private static HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(request(method, path, body, ADA), key);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String key)
      throws IOException, InterruptedException {
    return http.send(
        request.setHeader("Authorization", "Bearer " + key).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String method, String path, String body, String user) {
    return HttpRequest.newBuilder(URI.create(sluice.url() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .header("X-Session-Id", user)
        .method(method, BodyPublishers.ofString(body));
  }
}
