package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.codec.Json;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No endpoint that takes an id tells two cases apart: another tenant's, and one that does not
 * exist. The endpoints are those of the router, so that a new one is covered too.
 */
abstract class ForeignIdsContract {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignIdsContract.class);

  /** Everything but administration. */
  private static final Set<String> SCOPES =
      Set.of("ollama:chat", "ollama:generate", "ollama:embed", "batch");

  /** What is put behind the path, and headers. */
  private static final List<String[]> VARIANTS =
      List.of(
          new String[] {""},
          new String[] {"?wait=1"},
          new String[] {"?after=5.1"},
          new String[] {"?stream=true&starting_after=1"},
          new String[] {"", "Last-Event-ID", "5.1"},
          new String[] {"", "If-None-Match", "*"},
          new String[] {"?wait=1", "If-None-Match", "\"x\""},
          new String[] {"", "Accept", "text/event-stream"});

  private static final int SAMPLES = 300;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private String owner = "";
  private String stranger = "";
  private String foreign = "";
  private String unknown = "";
  private String response = "";
  private String file = "";
  private String batch = "";

  /** Adds a key and returns its text. */
  abstract String key(String tenant, Set<String> scopes);

  abstract Gateway gateway();

  @BeforeEach
  void submitOne() {
    owner = key("owner", SCOPES);
    stranger = key("stranger", SCOPES);
    foreign = accepted(submit(owner, TestGateway.chat("hi"), "Idempotency-Key", "of the owner"));
    unknown = other(foreign);
    file = uploaded(owner);
    batch = batched(owner, file);
    response = Json.parse(respond(owner).body()).path("id").asText();
  }

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Test
  void no_endpoint_tells_a_foreign_id_from_an_unknown_one() {
    List<Routes.Endpoint> endpoints =
        gateway().endpoints().stream().filter(it -> it.path().contains("/:")).toList();
    assertThat(endpoints).hasSizeGreaterThan(3);
    for (Routes.Endpoint endpoint : endpoints) {
      boolean ofJob = endpoint.path().startsWith("/v1/jobs/");
      boolean ofResponse = endpoint.path().startsWith("/v1/responses/");
      boolean ofFile = endpoint.path().startsWith("/v1/files/");
      boolean ofBatch = endpoint.path().startsWith("/v1/batches/");
      String own = ofFile ? file : ofBatch ? batch : id(owner, endpoint);
      String theirs = ofJob ? foreign : ofResponse ? response : own;
      String none = ofFile || ofBatch ? other(own) : "none";
      String nobodys = ofJob ? unknown : ofResponse ? other(response) : none;
      for (String[] variant : VARIANTS) {
        String what = endpoint.method() + " " + endpoint.path() + Arrays.toString(variant);
        assertSame(
            what,
            send(endpoint.method(), path(endpoint, theirs) + variant[0], "", variant),
            send(endpoint.method(), path(endpoint, nobodys) + variant[0], "", variant),
            endpoint.path().startsWith("/v1/") ? 404 : 403);
      }
    }
    assertThat(state(foreign)).as("untouched by any of it").isEqualTo("queued");
    assertThat(state(response.replace("resp_", "job_"))).isEqualTo("queued");
    stranger = owner;
    assertThat(send(HttpMethod.GET, "/v1/files/" + file, "").statusCode()).isEqualTo(200);
    assertThat(send(HttpMethod.GET, "/v1/batches/" + batch, "").body())
        .contains("\"paused\":false")
        .contains("\"cancelling_at\":null");
  }

  @Test
  void a_list_of_batches_after_a_foreign_id_is_that_after_an_unknown_one() {
    assertSame(
        "GET /v1/batches?after=",
        send(HttpMethod.GET, "/v1/batches?after=" + batch, ""),
        send(HttpMethod.GET, "/v1/batches?after=" + other(batch), ""),
        200);
    assertThat(send(HttpMethod.GET, "/v1/batches", "").body()).doesNotContain(batch);
  }

  @Test
  void a_list_of_files_after_a_foreign_id_is_that_after_an_unknown_one() {
    for (String more : List.of("", "&order=asc", "&purpose=batch")) {
      assertSame(
          "GET /v1/files?after=" + more,
          send(HttpMethod.GET, "/v1/files?after=" + file + more, ""),
          send(HttpMethod.GET, "/v1/files?after=" + other(file) + more, ""),
          200);
    }
    assertThat(send(HttpMethod.GET, "/v1/files", "").body()).doesNotContain(file);
  }

  @Test
  void a_list_after_a_foreign_id_is_that_after_an_unknown_one() {
    accepted(submit(stranger, TestGateway.chat("mine"), "X-Session-Id", "mine"));
    for (String more : List.of("", "&state=queued", "&limit=1")) {
      assertSame(
          "GET /v1/jobs?after=" + more,
          send(HttpMethod.GET, "/v1/jobs?after=" + foreign + more, ""),
          send(HttpMethod.GET, "/v1/jobs?after=" + unknown + more, ""),
          200);
    }
    assertThat(send(HttpMethod.GET, "/v1/jobs", "").body()).doesNotContain(foreign);
  }

  @Test
  void another_tenants_idempotency_key_is_as_free_as_any_other() {
    String free = submitted("free", "hi").headers().map().keySet().toString();
    for (String text : List.of("hi", "something else")) {
      HttpResponse<String> answer = submitted("of the owner", text);
      assertThat(answer.headers().map().keySet().toString()).isEqualTo(free);
      assertThat(accepted(answer)).isNotEqualTo(foreign);
      // For the next text the key is the stranger's own.
      stranger = key("stranger" + text.length(), SCOPES);
    }
  }

  /** Reports, and never fails: how long a large foreign job and an unknown id take. */
  @Test
  void the_times_of_a_foreign_and_an_unknown_id_are_reported() {
    String large = "{\"model\":\"qwen3:14b\",\"prompt\":\"" + "word ".repeat(5_000) + "\"}";
    foreign = accepted(submit(owner, large, "X-Session-Id", "large"));
    unknown = other(foreign);
    List<Long> theirs = new ArrayList<>();
    List<Long> nobodys = new ArrayList<>();
    for (int i = 0; i < 2 * SAMPLES; i++) {
      boolean turn = i % 2 == 0;
      long begun = System.nanoTime();
      send(HttpMethod.GET, "/v1/jobs/" + (turn ? foreign : unknown), "");
      long took = System.nanoTime() - begun;
      // The first half is for the compiler.
      if (i >= SAMPLES) {
        (turn ? theirs : nobodys).add(took);
      }
    }
    LOG.info(
        "{}: foreign {} µs, unknown {} µs (medians of {}); a foreign one is the slower in {} of pairs",
        getClass().getSimpleName(),
        median(theirs),
        median(nobodys),
        theirs.size(),
        String.format(java.util.Locale.ROOT, "%.2f", slower(theirs, nobodys)));
  }

  private static long median(List<Long> samples) {
    return samples.stream().sorted().skip(samples.size() / 2).findFirst().orElseThrow() / 1_000;
  }

  /** The share of pairs in which the first is greater: Mann and Whitney's U; 0.5 for equals. */
  private static double slower(List<Long> first, List<Long> second) {
    long greater = first.stream().mapToLong(a -> second.stream().filter(b -> a > b).count()).sum();
    return (double) greater / first.size() / second.size();
  }

  private void assertSame(
      String what, HttpResponse<String> theirs, HttpResponse<String> nobodys, int status) {
    assertThat(theirs.statusCode()).as(what).isEqualTo(status).isEqualTo(nobodys.statusCode());
    assertThat(headers(theirs)).as(what).isEqualTo(headers(nobodys));
    assertThat(theirs.body()).as(what).isEqualTo(nobodys.body()).doesNotContain(foreign);
  }

  private static Map<String, List<String>> headers(HttpResponse<String> answer) {
    Map<String, List<String>> headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  private static String path(Routes.Endpoint endpoint, String id) {
    return endpoint.path().replaceAll(":[a-z]+", id);
  }

  /** What there is of the owner's at an endpoint that is not of jobs. */
  private static String id(String ownersKey, Routes.Endpoint endpoint) {
    return endpoint.path().contains("/keys/")
        ? io.sluice.auth.ApiKeys.parse(ownersKey).orElseThrow().id()
        : "owner";
  }

  /** The same moment, another job. */
  private static String other(String id) {
    String end = id.endsWith("0000") ? "0001" : "0000";
    return id.substring(0, id.length() - 4) + end;
  }

  private String state(String id) {
    String was = stranger;
    stranger = owner;
    String body = send(HttpMethod.GET, "/v1/jobs/" + id, "").body();
    stranger = was;
    return Json.parse(body).path("state").asText();
  }

  private HttpResponse<String> submitted(String idempotencyKey, String text) {
    return submit(stranger, TestGateway.chat(text), "Idempotency-Key", idempotencyKey);
  }

  private HttpResponse<String> submit(String credential, String body, String... headers) {
    return answer(
        request("/v1/jobs", credential)
            .headers(headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> respond(String credential) {
    String body = "{\"model\":\"qwen3:14b\",\"input\":\"hi\",\"background\":true}";
    return answer(
        request("/v1/responses", credential)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String uploaded(String credential) {
    HttpResponse<String> answer =
        answer(
            request("/v1/files", credential)
                .header("Content-Type", Form.type())
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        Form.of("a", "hello").text("purpose", "batch").body())));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body()).path("id").asText();
  }

  private String batched(String credential, String input) {
    String body =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\"}";
    HttpResponse<String> answer =
        answer(
            request("/v1/batches", credential)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.formatted(input))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body()).path("id").asText();
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Json.parse(answer.body()).path("id").asText();
  }

  /** By the stranger; of a variant only the headers. */
  private HttpResponse<String> send(
      HttpMethod method, String path, String body, String... variant) {
    HttpRequest.Builder request =
        request(path, stranger).method(method.name(), HttpRequest.BodyPublishers.ofString(body));
    for (int i = 1; i < variant.length; i += 2) {
      request.header(variant[i], variant[i + 1]);
    }
    return answer(request);
  }

  private HttpRequest.Builder request(String path, String credential) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway().port() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + credential);
  }

  private HttpResponse<String> answer(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
