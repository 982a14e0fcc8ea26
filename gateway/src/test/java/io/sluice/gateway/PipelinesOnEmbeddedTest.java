package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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
import io.sluice.JobClass;
import io.sluice.JobStore;
import io.sluice.MemoryFileStore;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.files.Purpose;
import io.sluice.gateway.files.StoredFile;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
    return gateway(files);
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
        .mapToObj(
            i -> "Paragraph " + i + " tells of thing " + i + ". " + "And so it goes. ".repeat(16))
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

  @Test
  void the_answers_of_parts_are_brought_together_and_instructions_come_before_the_text() {
    model = prompt -> prompt.contains("(1) of a part") ? "of the whole" : "of a part";
    JsonNode line = run(split(wish("summarise", book(8)), 100));
    assertThat(line.path("result").asText()).isEqualTo("of the whole");
    assertThat(line.path("parts")).allMatch(it -> it.path("answer").asText().equals("of a part"));
    assertThat(prompts).hasSize(line.path("parts").size() + 1);
    List<Job> ran = List.copyOf(worker.ran);
    assertThat(ran).allMatch(job -> job.jobClass() == JobClass.BATCH);
    assertThat(
            ran.stream()
                .filter(job -> !job.request().contains("(1) of a part"))
                .map(job -> Json.parse(job.request()).at("/messages/0/content").asText())
                .distinct())
        .hasSize(1)
        .allMatch(it -> it.contains("never an instruction"));
  }

  @Test
  void answers_that_do_not_fit_one_prompt_are_brought_together_in_levels() {
    model = prompt -> (prompt.contains("(1) ") ? "Level. " : "Part. ") + "word ".repeat(1_800);
    ObjectNode wish = split(wish("summarise", book(10)), 100).put("max_output_tokens", 2_000);
    JsonNode line = run(wish);
    assertThat(line.path("status").asText()).isEqualTo("completed");
    assertThat(line.path("result").asText()).startsWith("Level. ");
    long reductions = prompts.stream().filter(prompt -> prompt.contains("(1) ")).count();
    assertThat(reductions).isGreaterThan(2).isLessThan(line.path("parts").size());
  }

  @Test
  void a_failed_part_leaves_its_document_incomplete_or_failed_as_is_wished() {
    model = prompt -> prompt.contains("thing 3.") ? "FAIL" : "fine";
    Gateway gateway = gateway();
    ObjectNode wish = split(wish("summarise", book(8)), 100);
    JsonNode kept = results(gateway, create(gateway, wish)).getFirst();
    assertThat(kept.path("status").asText()).isEqualTo("incomplete");
    assertThat(kept.path("result").asText()).isEqualTo("fine");
    assertThat(kept.at("/error/code").asText()).isEqualTo("part_failed");
    assertThat(kept.path("parts"))
        .filteredOn(it -> it.path("status").asText().equals("failed"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.path("answer").isNull()).isTrue();
              assertThat(it.at("/error/code").asText()).isEqualTo("runaway_repetition");
            });
    String strict = create(gateway, wish.put("on_failed_part", "fail"));
    JsonNode failed = results(gateway, strict).getFirst();
    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.path("result").isNull()).isTrue();
    assertThat(get(gateway, strict).at("/counts/documents"))
        .isEqualTo(Json.parse("{\"total\":1,\"completed\":0,\"incomplete\":0,\"failed\":1}"));
  }

  @Test
  void an_answer_that_was_cut_makes_its_document_incomplete() {
    model = prompt -> "as far as it goes CUT";
    JsonNode line = run(wish("translate", "Guten Tag.").put("language", "English"));
    assertThat(line.path("status").asText()).isEqualTo("incomplete");
    assertThat(line.path("result").asText()).isEqualTo("as far as it goes CUT");
  }

  @Test
  void a_translation_is_the_answers_with_the_white_space_of_the_document_between_them() {
    model =
        prompt -> {
          int at = prompt.indexOf("Paragraph ");
          return " P" + prompt.substring(at + 10, at + 11) + "\n";
        };
    String text = book(4).replaceAll("(And so it goes. ){12}", "");
    JsonNode line = run(split(wish("translate", text), 45).put("language", "English"));
    assertThat(line.path("result").asText()).isEqualTo("P0 \n\nP1 \n\nP2 \n\nP3");
  }

  @Test
  void a_document_has_the_label_that_most_of_it_has() {
    model =
        prompt ->
            prompt.contains("thing 1.")
                ? "{\"reason\":\"one\",\"label\":\"letter\"}"
                : "{\"reason\":\"most\",\"label\":\"invoice\"}";
    ObjectNode wish = split(wish("classify", book(4)), 80);
    wish.putArray("labels").add("invoice").add("letter");
    JsonNode line = run(wish);
    assertThat(line.path("result"))
        .isEqualTo(Json.parse("{\"label\":\"invoice\",\"reason\":\"most\"}"));
    assertThat(worker.ran.peek().request()).contains("\"enum\":[\"invoice\",\"letter\"]");
  }

  @Test
  void an_answer_that_is_no_label_is_a_failed_part() {
    model = prompt -> "{\"reason\":\"r\",\"label\":\"poem\"}";
    ObjectNode wish = wish("classify", "Roses are red.");
    wish.putArray("labels").add("invoice").add("letter");
    JsonNode line = run(wish);
    assertThat(line.path("status").asText()).isEqualTo("failed");
    assertThat(line.at("/parts/0/error/code").asText()).isEqualTo("answer_not_valid");
  }

  @Test
  void what_is_extracted_keeps_to_the_schema_in_every_step() {
    model =
        prompt -> prompt.contains("(1) {") ? "{\"names\":[\"a\",\"b\"]}" : "{\"names\":[\"a\"]}";
    ObjectNode wish = split(wish("extract", book(4)), 80);
    wish.putObject("schema").put("type", "object").put("title", "mine");
    JsonNode line = run(wish);
    assertThat(line.path("result")).isEqualTo(Json.parse("{\"names\":[\"a\",\"b\"]}"));
    assertThat(List.copyOf(worker.ran))
        .allMatch(job -> Json.parse(job.request()).at("/format/title").asText().equals("mine"));
  }

  @Test
  void a_question_is_answered_by_document_and_then_over_all_with_its_sources() {
    model =
        prompt -> {
          if (prompt.contains("(1) ")) {
            return "All together.";
          }
          return prompt.contains("cats here") || prompt.contains("cats again")
              ? "{\"found\":true,\"answer\":\"They sleep.\"}"
              : "{\"found\":false,\"answer\":\"\"}";
        };
    Gateway gateway = gateway();
    ObjectNode wish =
        wish("question", "cats here", "dogs there", "cats again").put("question", "What of cats?");
    List<JsonNode> lines = results(gateway, create(gateway, wish));
    assertThat(lines).hasSize(4);
    JsonNode last = lines.getLast();
    assertThat(last.path("document").isNull()).isTrue();
    assertThat(last.path("result").asText()).isEqualTo("All together.");
    assertThat(last.path("sources"))
        .containsExactlyInAnyOrder(
            Json.parse("{\"document\":0,\"part\":0}"), Json.parse("{\"document\":2,\"part\":0}"));
    assertThat(lines.subList(0, 3))
        .extracting(it -> it.path("result").asText("nothing"))
        .containsExactlyInAnyOrder("They sleep.", "nothing", "They sleep.");
  }

  @Test
  void a_template_is_filled_once_and_what_a_document_holds_is_not_filled() {
    model = prompt -> "fine";
    ObjectNode wish = wish("custom", "It says {{question}} and {{answers}}.");
    wish.withArray("/documents").addObject().put("text", "Two.").put("filename", "two.md");
    wish.put("question", "Why?");
    wish.putObject("template")
        .put("map", "Q: {{question}} N: {{document}} {{part}}/{{parts}} T: {{text}}")
        .put("reduce", "A: {{answers}}");
    Gateway gateway = gateway();
    List<JsonNode> lines = results(gateway, create(gateway, wish));
    assertThat(lines).hasSize(2);
    assertThat(prompts)
        .hasSize(4)
        .anyMatch(it -> it.contains("Q: Why? N: \"two.md\" 1/1 T: [[["))
        .anyMatch(it -> it.contains("It says {{question}} and {{answers}}."))
        .anyMatch(it -> it.startsWith("A: [[["));
    assertThat(lines)
        .filteredOn(it -> it.at("/document/index").asInt() == 1)
        .allMatch(it -> it.at("/document/type").asText().equals("text/markdown"));
  }

  @Test
  void a_document_without_a_text_has_a_result_with_the_reason() {
    String binary = upload("a.pdf", new byte[] {(byte) 0xff, 0, 1});
    String text = upload("b.md", "A text.".getBytes(StandardCharsets.UTF_8));
    Gateway gateway = gateway();
    ObjectNode wish = wish("summarise", "  \n ");
    wish.withArray("/documents").addObject().put("file_id", binary);
    wish.withArray("/documents").addObject().put("file_id", text);
    String id = create(gateway, wish);
    List<JsonNode> lines = results(gateway, id);
    assertThat(lines)
        .extracting(
            it -> it.at("/document/index").asInt(), it -> it.at("/error/code").asText("none"))
        .containsExactlyInAnyOrder(
            tuple(0, "document_empty"), tuple(1, "document_unsupported"), tuple(2, "none"));
    assertThat(lines)
        .filteredOn(it -> it.at("/document/index").asInt() == 2)
        .allMatch(it -> it.at("/document/filename").asText().equals("b.md"))
        .allMatch(it -> it.at("/document/type").asText().equals("text/markdown"));
    assertThat(get(gateway, id).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void everything_that_is_wrong_is_told_at_once() {
    Gateway gateway = gateway();
    String body =
        """
        {"task":"classify","model":"qwen3:14b","labels":["a","a"],"schema":{},"colour":"red",
         "documents":[{"file_id":"file-none"},{"text":"a","file_id":"x"},{}],"split":{"tokens":9000,"overlap":5000},
         "on_failed_part":"hope","options":{"num_ctx":5},"completion_window":"10","metadata":{"a":1}}""";
    HttpResponse<String> answer = send(gateway, "POST", "/v1/pipelines", body);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(Json.parse(answer.body()).path("errors").findValuesAsText("pointer"))
        .contains(
            "/labels",
            "/schema",
            "/colour",
            "/documents/0/file_id",
            "/documents/1/file_id",
            "/documents/2/file_id",
            "/split/tokens",
            "/split/overlap",
            "/on_failed_part",
            "/options/num_ctx",
            "/completion_window",
            "/metadata/a");
  }

  @Test
  void a_key_makes_one_pipeline_however_often_it_comes() {
    Gateway gateway = gateway();
    String body = Json.write(wish("summarise", "A text."));
    HttpResponse<String> first =
        send(gateway, "POST", "/v1/pipelines", body, "Idempotency-Key", "k");
    HttpResponse<String> again =
        send(gateway, "POST", "/v1/pipelines", body, "Idempotency-Key", "k");
    assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertThat(Json.parse(again.body()).path("id")).isEqualTo(Json.parse(first.body()).path("id"));
    HttpResponse<String> other =
        send(
            gateway,
            "POST",
            "/v1/pipelines",
            body.replace("text.", "word."),
            "Idempotency-Key",
            "k");
    assertThat(Json.parse(other.body()).path("code").asText()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void pipelines_are_listed_newest_first_page_by_page() {
    Gateway gateway = gateway();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(create(gateway, wish("summarise", "Text " + i)));
    }
    JsonNode page = Json.parse(send(gateway, "GET", "/v1/pipelines?limit=2", "").body());
    assertThat(page.path("has_more").asBoolean()).isTrue();
    JsonNode rest =
        Json.parse(
            send(gateway, "GET", "/v1/pipelines?after=" + page.path("next").asText(), "").body());
    assertThat(rest.path("has_more").asBoolean()).isFalse();
    List<String> listed = new ArrayList<>(page.path("data").findValuesAsText("id"));
    listed.addAll(rest.path("data").findValuesAsText("id"));
    assertThat(listed)
        .containsExactlyElementsOf(ids.stream().sorted(Comparator.reverseOrder()).toList());
  }

  @Test
  void every_document_of_a_cancelled_pipeline_has_a_result() {
    Gateway gateway = gateway();
    worker.hold(true);
    String id = create(gateway, wish("summarise", texts(20)));
    await().until(() -> !await(embedded.store().list(some(1))).jobs().isEmpty());
    assertThat(post(gateway, id, "cancel").path("status").asText()).isEqualTo("cancelling");
    List<JsonNode> lines = results(gateway, id);
    assertThat(lines).hasSize(20);
    assertThat(lines)
        .allMatch(it -> it.path("status").asText().equals("failed"))
        .allMatch(it -> it.at("/error/code").asText().equals("pipeline_cancelled"));
    assertThat(get(gateway, id).path("status").asText()).isEqualTo("cancelled");
    assertThat(post(gateway, id, "cancel").path("status").asText()).isEqualTo("cancelled");
    assertThat(send(gateway, "POST", "/v1/pipelines/" + id + "/pause", "").statusCode())
        .isEqualTo(409);
  }

  @Test
  void a_paused_pipeline_begins_nothing_more_until_it_is_resumed() {
    CountedLooks looks = new CountedLooks(files);
    Gateway gateway = gateway(looks);
    worker.hold(true);
    String id = create(gateway, wish("summarise", texts(20)));
    await().until(() -> !await(embedded.store().list(some(100))).jobs().isEmpty());
    assertThat(post(gateway, id, "pause").path("paused").asBoolean()).isTrue();
    // The look after the next one began after the pause, and is over when another has begun.
    int before = looks.count.get();
    await().until(() -> looks.count.get() > before + 2);
    int begun = await(embedded.store().list(some(100))).jobs().size();
    worker.hold(false);
    await().until(() -> results(gateway, id, "?wait=0").size() == begun);
    assertThat(begun).isLessThan(20);
    assertThat(worker.ran).hasSize(begun);
    assertThat(post(gateway, id, "resume").path("paused").asBoolean()).isFalse();
    assertThat(results(gateway, id)).hasSize(20);
  }

  @Test
  void parts_are_counted_while_their_document_is_at_work() {
    Gateway gateway = gateway();
    model =
        prompt -> {
          worker.hold(prompts.size() > 2);
          return "fine";
        };
    String id = create(gateway, split(wish("summarise", book(8)), 100));
    JsonNode counts =
        await()
            .until(
                () -> get(gateway, id).path("counts"),
                it -> it.at("/parts/completed").asInt() == 3);
    assertThat(counts.at("/documents/completed").asInt()).isZero();
    assertThat(counts.at("/parts/total").asInt()).isGreaterThan(5);
    assertThat(get(gateway, id).at("/usage/prompt_tokens").asInt()).isEqualTo(30);
    model = prompt -> "fine";
    worker.hold(false);
    results(gateway, id);
    assertThat(get(gateway, id).at("/counts/parts/completed"))
        .isEqualTo(get(gateway, id).at("/counts/parts/total"));
  }

  /** Counts how often somebody looked what is asked of a pipeline. */
  private static final class CountedLooks implements FileStore {
    private final FileStore real;
    private final AtomicInteger count = new AtomicInteger();

    private CountedLooks(FileStore real) {
      this.real = real;
    }

    @Override
    public Draft create(String name) {
      return real.create(name);
    }

    @Override
    public Optional<Content> read(String name, long offset) {
      return real.read(name, offset);
    }

    @Override
    public List<Entry> list(String folder, String after, int limit) {
      if (folder.startsWith("pipelines/") && folder.endsWith("/control")) {
        count.incrementAndGet();
      }
      return real.list(folder, after, limit);
    }

    @Override
    public boolean delete(String name) {
      return real.delete(name);
    }
  }

  @Test
  void every_document_of_a_pipeline_whose_window_ended_has_a_result() {
    Gateway gateway = gateway();
    String id = create(gateway, wish("question", texts(3)).put("question", "Why?"));
    results(gateway, id);
    String over = overdue(id);
    List<JsonNode> lines = results(gateway, over);
    assertThat(lines)
        .hasSize(4)
        .allMatch(it -> it.at("/error/code").asText().equals("pipeline_expired"));
    assertThat(get(gateway, over).path("status").asText()).isEqualTo("expired");
  }

  @Test
  void a_driver_that_dies_at_any_step_is_followed_by_one_that_goes_on() {
    model = prompt -> prompt.contains("(1) ") ? "whole" : "part";
    int step = 0;
    boolean died = true;
    while (died) {
      prompts.clear();
      // The first three are those of the request that makes it.
      MortalFiles mortal = new MortalFiles(files, 3 + step);
      Gateway dying = gateway(mortal);
      String id =
          create(dying, split(wish("summarise", book(3), "Short " + step, "Other " + step), 80));
      await().atMost(Duration.ofSeconds(30)).until(() -> mortal.isDead() || isOver(id));
      died = mortal.isDead();
      await(dying.stop());
      gateways.remove(dying);
      Gateway healthy = gateway();
      List<JsonNode> lines = results(healthy, id);
      assertThat(lines)
          .extracting(it -> it.at("/document/index").asInt())
          .containsExactlyInAnyOrder(0, 1, 2);
      assertThat(lines).allMatch(it -> it.path("status").asText().equals("completed"));
      assertThat(prompts).as("died after " + step).doesNotHaveDuplicates();
      await(healthy.stop());
      gateways.remove(healthy);
      step++;
    }
    assertThat(step).isGreaterThan(6);
  }

  @Test
  void two_drivers_at_once_give_each_document_one_result_and_ask_nothing_twice() {
    Gateway one = gateway();
    Gateway other = gateway();
    String id = create(one, split(wish("summarise", book(6), "Short.", "Other."), 80));
    List<JsonNode> lines = results(other, id);
    assertThat(lines).hasSize(3);
    assertThat(results(one, id)).isEqualTo(lines);
    assertThat(results(one, id, "?after=1&wait=0")).isEqualTo(lines.subList(1, 3));
    assertThat(prompts).doesNotHaveDuplicates();
  }

  private Gateway gateway(FileStore own) {
    Gateway gateway =
        EmbeddedGateway.start(vertx, embedded, new MemoryAudit(), own, UnaryOperator.identity());
    gateways.add(gateway);
    return gateway;
  }

  private boolean isOver(String id) {
    return files.names().stream().noneMatch(it -> it.startsWith("open/pipeline/" + id));
  }

  private String upload(String filename, byte[] bytes) {
    StoredFile.Terms terms = new StoredFile.Terms(filename, Purpose.USER_DATA, Optional.empty());
    return new Files(files, InstantSource.system()).create("default", terms, bytes).id().value();
  }

  private static String[] texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "Text " + i).toArray(String[]::new);
  }

  private static JobStore.Query some(int limit) {
    return new JobStore.Query("default", Optional.empty(), Optional.empty(), limit);
  }

  /** Another pipeline like it, whose window is over. */
  private String overdue(String id) {
    String folder = "pipelines/default/" + turned(id);
    String other = id.substring(0, id.length() - 1) + (id.endsWith("0") ? '1' : '0');
    String pipeline =
        read(folder + "/pipeline.json")
            .replace(id, other)
            .replaceAll("\"expires_at\":[0-9]+", "\"expires_at\":1");
    String copy = "pipelines/default/" + turned(other);
    write(copy + "/documents", read(folder + "/documents").getBytes(StandardCharsets.UTF_8));
    write(copy + "/pipeline.json", pipeline.getBytes(StandardCharsets.UTF_8));
    write("open/pipeline/" + other + ".default", new byte[0]);
    return other;
  }

  /** The name of a pipeline's folder. */
  private static String turned(String id) {
    return id.substring("pipe_".length())
        .chars()
        .mapToObj(c -> Integer.toHexString(15 - Character.digit(c, 16)))
        .collect(Collectors.joining());
  }

  private String read(String name) {
    try (FileStore.Content content = files.read(name, 0).orElseThrow()) {
      return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String name, byte[] bytes) {
    try (FileStore.Draft draft = files.create(name)) {
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
  }
}
