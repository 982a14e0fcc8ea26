package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.FileStore;
import io.sluice.Job;
import io.sluice.MemoryFileStore;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a pipeline on the embedded adapters, with a played worker, and drivers that die. */
class PipelinesOnEmbeddedTest {
  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryFileStore files = new MemoryFileStore();
  private final List<Gateway> gateways = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> prompts = new ConcurrentLinkedQueue<>();
  private volatile Function<String, String> model = prompt -> "it says so";
  private Embedded embedded;
  private PlayedWorker worker;
  private String key = "";

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
    key = key("default");
    worker = new PlayedWorker(embedded, this::answer).start();
  }

  @AfterEach
  void close() {
    gateways.forEach(gateway -> await(gateway.stop()));
    worker.close();
    embedded.close();
    client.close();
    await(vertx.close());
  }

  private String key(String tenant) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, ApiKey.ALL_SCOPES, Instant.now());
    await(embedded.directory().add(made.key()));
    return made.text();
  }

  /** A model that says what the test has it say to the text of the user's message. */
  private Ending answer(Job job) {
    String prompt = Json.parse(job.request()).at("/messages/1/content").asText();
    prompts.add(prompt);
    String said = model.apply(prompt);
    if (said.equals("FAIL")) {
      Failure why = new Failure(FailureCode.RUNAWAY_REPETITION, "It said the same again.");
      return new Ending.Failed(why, Output.NONE, new Usage(10, 0));
    }
    Output output = new Output(said, Optional.empty(), List.of());
    return said.endsWith("CUT")
        ? new Ending.Incomplete(output, new Usage(10, 3))
        : new Ending.Completed(output, new Usage(10, 3));
  }

  private Gateway gateway() {
    Gateway gateway =
        EmbeddedGateway.start(vertx, embedded, new MemoryAudit(), files, UnaryOperator.identity());
    gateways.add(gateway);
    return gateway;
  }

  private HttpResponse<String> send(
      Gateway gateway, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static ObjectNode wish(String task, String... texts) {
    ObjectNode wish = Json.object().put("task", task).put("model", "qwen3:14b");
    for (String text : texts) {
      wish.withArray("/documents").addObject().put("text", text);
    }
    return wish;
  }

  private String create(Gateway gateway, ObjectNode wish) {
    HttpResponse<String> answer = send(gateway, "POST", "/v1/pipelines", Json.write(wish));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = Json.parse(answer.body()).path("id").asText();
    assertThat(answer.headers().firstValue("Location")).hasValue("/v1/pipelines/" + id);
    return id;
  }

  private JsonNode get(Gateway gateway, String id) {
    return Json.parse(send(gateway, "GET", "/v1/pipelines/" + id, "").body());
  }

  private JsonNode post(Gateway gateway, String id, String verb) {
    HttpResponse<String> answer = send(gateway, "POST", "/v1/pipelines/" + id + "/" + verb, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  /** All results, by a reader that stays until the end. */
  private List<JsonNode> results(Gateway gateway, String id) {
    return results(gateway, id, "");
  }

  private List<JsonNode> results(Gateway gateway, String id, String query) {
    return send(gateway, "GET", "/v1/pipelines/" + id + "/results" + query, "")
        .body()
        .lines()
        .filter(line -> !line.isBlank())
        .map(Json::parse)
        .toList();
  }

  private JsonNode run(ObjectNode wish) {
    Gateway gateway = gateway();
    return results(gateway, create(gateway, wish)).getFirst();
  }

  /** About so many parts of 100 tokens each, every paragraph numbered. */
  private static String book(int paragraphs) {
    return IntStream.range(0, paragraphs)
        .mapToObj(i -> "Paragraph " + i + " tells of thing " + i + ". " + "And so it goes. ".repeat(16))
        .collect(Collectors.joining("\n\n"));
  }

  private static ObjectNode split(ObjectNode wish, int tokens) {
    wish.putObject("split").put("tokens", tokens).put("overlap", 0);
    return wish;
  }

  @Test
  void a_document_that_fits_one_prompt_has_the_answer_as_its_result() {
    model = prompt -> "A short summary.";
    JsonNode line = run(wish("summarise", "Cats sleep. Dogs bark."));
    assertThat(line.path("seq").asInt()).isEqualTo(1);
    assertThat(line.path("status").asText()).isEqualTo("completed");
    assertThat(line.path("result").asText()).isEqualTo("A short summary.");
    assertThat(line.path("error").isNull()).isTrue();
    assertThat(line.at("/document/characters").asInt()).isEqualTo(22);
    assertThat(line.at("/document/sha256").asText()).hasSize(64);
    assertThat(line.at("/document/type").asText()).isEqualTo("text/plain");
    assertThat(line.path("parts")).hasSize(1);
    assertThat(line.at("/parts/0/start").asInt()).isZero();
    assertThat(line.at("/parts/0/end").asInt()).isEqualTo(22);
    assertThat(line.at("/parts/0/job").asText()).startsWith("job_");
    assertThat(line.path("usage"))
        .isEqualTo(Json.parse("{\"prompt_tokens\":10,\"completion_tokens\":3}"));
    assertThat(prompts).hasSize(1);
  }

  @Test
  void every_part_says_where_in_the_kept_text_it_is() {
    model = prompt -> "summary";
    Gateway gateway = gateway();
    String text = book(12).replace("\n\n", "\r\n\r\n");
    String id = create(gateway, split(wish("summarise", text), 100));
    JsonNode line = results(gateway, id).getFirst();
    HttpResponse<String> kept =
        send(gateway, "GET", "/v1/pipelines/" + id + "/documents/0/text", "");
    assertThat(kept.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(kept.body()).isEqualTo(book(12));
    assertThat(line.path("parts").size()).isGreaterThan(5);
    for (JsonNode part : line.path("parts")) {
      String of = kept.body().substring(part.path("start").asInt(), part.path("end").asInt());
      assertThat(part.path("tokens").asInt()).isBetween(1, 100);
      assertThat(prompts).anyMatch(prompt -> prompt.contains(of.strip()));
    }
    assertThat(send(gateway, "GET", "/v1/pipelines/" + id + "/documents/1/text", "").statusCode())
        .isEqualTo(404);
  }
}
