package io.sluice.gateway;

import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Ending;
import io.sluice.JobId;
import io.sluice.Output;
import io.sluice.Pool;
import io.sluice.Usage;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.files.FilesConfig;
import io.sluice.gateway.files.Purpose;
import io.sluice.gateway.files.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The description of the surface against the surface: every answer that is described can be had,
 * and (by {@link Observed}, in every test) no other one is given.
 */
class OpenApiTest {
  private static final String NOBODY = "Bearer nonsense";

  private final TestGateway sluice =
      new TestGateway(
          config ->
              config.limits(
                  Bounds.DEFAULT.bodyBytesMax(1 << 20).streams(TestGateway.streams(1, 10, 10))));
  private final String powerless = "Bearer " + sluice.key("default", Set.of("something"));

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void every_route_is_described_and_every_described_route_is_there() {
    Set<String> routes = new TreeSet<>();
    sluice
        .gateway
        .endpoints()
        .forEach(it -> routes.add(it.method() + " " + it.path().replaceAll(":([a-z]+)", "{$1}")));
    Set<String> described = new TreeSet<>();
    Observed.described().forEach(it -> described.add(it.replaceAll(" [0-9]+$", "")));
    assertThat(described).isEqualTo(routes);
  }

  @Test
  void every_described_answer_can_be_had() {
    submissions();
    JobId id = sluice.submit();
    reads(id);
    streams(id);
    cancellations(id);
    tokens();
    redeliveries(id);
    administration();
    ollama();
    held("/v1/chat/completions", chat("hi"));
    held("/v1/completions", "{\"model\":\"qwen3:14b\",\"prompt\":\"hi\"}");
    responses();
    files();
    batches();
    pipelines();
    blocked();
    crowded();
    catalogue();
    sluice.get("/health/live");
    sluice.get("/health/ready");
    sluice.unhealthy = "gone";
    await().until(() -> sluice.get("/health/ready").status() == 503);
    sluice.get("/metrics");
    assertThat(sluice.get("/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    assertThat(Observed.answers()).containsAll(Observed.described());
  }

  private void submissions() {
    sluice.post(chat("hi"));
    Answer keyed = sluice.post(chat("hi"), "Idempotency-Key", "k");
    JobId id = new JobId(keyed.json().path("id").asText());
    sluice.store.finish(id, MemoryStore.completed("x"));
    sluice.post(chat("hi"), "Idempotency-Key", "k", "Prefer", "wait=1");
    sluice.post("{");
    sluice.post(chat("hi"), "Authorization", NOBODY);
    sluice.post(chat("hi"), "Authorization", powerless);
    sluice.post(chat("hi").replace("qwen3", "other"));
    sluice.post(chat("x".repeat(1 << 20)));
    sluice.post(chat("hi"), "Content-Type", "text/plain");
    sluice.post("{}");
    sluice.store.waitingMax = 0;
    sluice.post(chat("hi"));
    sluice.store.waitingMax = 100;
    whileAway(() -> sluice.post(chat("hi")));
  }

  private void redeliveries(JobId id) {
    String path = "/v1/jobs/" + id + "/webhook/redeliver";
    sluice.send("POST", path, "");
    sluice.webhooks.owes = true;
    sluice.send("POST", path, "");
    sluice.send("POST", path, "", "Authorization", NOBODY);
    sluice.send("POST", path, "", "Authorization", powerless);
    sluice.send("POST", "/v1/jobs/none/webhook/redeliver", "");
    whileAway(() -> sluice.send("POST", path, ""));
  }

  private void tokens() {
    for (String page : new String[] {"jwks.json", "oauth-authorization-server"}) {
      sluice.get("/.well-known/" + page);
    }
    sluice.send("POST", "/oauth/token", "");
    sluice.send("POST", "/oauth/revoke", "");
    try (TestGateway with = new TestGateway(Minted::configured)) {
      for (String page : new String[] {"jwks.json", "oauth-authorization-server"}) {
        with.get("/.well-known/" + page);
      }
      Minted.form(with, "/oauth/token", "grant_type=client_credentials&client_secret=" + with.key);
      Minted.form(with, "/oauth/token", "grant_type=client_credentials&client_secret=wrong");
      Minted.form(with, "/oauth/token", "");
      with.directory.away = true;
      Minted.form(with, "/oauth/token", "grant_type=client_credentials&client_secret=" + with.key);
      Minted.form(with, "/oauth/revoke", "");
      Minted.form(with, "/oauth/revoke", "token=unknown");
      with.grants.away = true;
      Minted.form(with, "/oauth/revoke", "token=rt_" + "A".repeat(43));
    }
  }

  /** Nobody who failed too often is heard, whatever the route. */
  private static void blocked() {
    try (TestGateway strict =
        new TestGateway(
            config ->
                Minted.configured(config.auth(config.auth().lockout(1, Duration.ofMinutes(5)))))) {
      strict.get("/v1/jobs", "Authorization", NOBODY);
      strict.gateway.endpoints().stream()
          .filter(
              it -> it.path().matches("/(v1|admin|api)/.*") && !it.path().equals("/api/version"))
          .forEach(
              it -> {
                String path = it.path().replaceAll(":[a-z]+", "none");
                Answer answer = strict.send(it.method().name(), path, "", "Authorization", NOBODY);
                assertThat(answer.status()).as(it.toString()).isEqualTo(429);
              });
      assertThat(Minted.issue(strict).status()).isEqualTo(429);
    }
  }

  private static void crowded() {
    try (TestGateway full =
        new TestGateway(
            config -> Minted.configured(config).limits(config.limits().bodiesBytesMax(1)))) {
      assertThat(Minted.form(full, "/oauth/revoke", "token=x").status()).isEqualTo(429);
    }
  }

  private void ollama() {
    held("/api/chat", chat("hi"));
    held("/api/generate", "{\"model\":\"qwen3:14b\",\"prompt\":\"hi\"}");
    held("/api/embed", "{\"model\":\"qwen3:14b\",\"input\":\"hi\"}");
    held("/api/embeddings", "{\"model\":\"qwen3:14b\",\"prompt\":\"hi\"}");
    held("/v1/embeddings", "{\"model\":\"qwen3:14b\",\"input\":\"hi\"}");
    for (String verb : List.of("pull", "push", "create", "copy", "blobs/sha256:0")) {
      sluice.send("POST", "/api/" + verb, "");
      sluice.send("POST", "/api/" + verb, "", "Authorization", NOBODY);
    }
    sluice.delete("/api/delete");
    sluice.delete("/api/delete", "Authorization", NOBODY);
  }

  private void responses() {
    String body = "{\"model\":\"qwen3:14b\",\"input\":\"hi\"}";
    held("/v1/responses", body);
    sluice.send("POST", "/v1/responses", body, "Content-Type", "text/plain");
    Answer accepted =
        sluice.json("POST", "/v1/responses", body.replace("}", ",\"background\":true}"));
    String path = "/v1/responses/" + accepted.json().path("id").asText();
    everywhere(path, "?starting_after=x");
    everywhere(path + "/input_items", "");
    for (String more : List.of("", "/input_items")) {
      sluice.get(path + more);
      sluice.get("/v1/responses/none" + more);
    }
    sluice.send("POST", path + "/cancel", "");
    sluice.send("POST", "/v1/responses/none/cancel", "");
    sluice.send("POST", path + "/cancel", "", "Authorization", NOBODY);
    sluice.send("POST", path + "/cancel", "", "Authorization", powerless);
    whileAway(() -> sluice.send("POST", path + "/cancel", ""));
  }

  private void files() {
    String id = upload(Form.of("a", "hello").text("purpose", "batch")).json().path("id").asText();
    Form form = Form.of("a", "hello").text("purpose", "batch");
    upload(Form.of("a", "hello"));
    upload(form, "Authorization", NOBODY);
    upload(form, "Authorization", powerless);
    upload(form, "Content-Type", "text/plain");
    whileFilesAreAway(() -> upload(form));
    sluice.get("/v1/files");
    batchReads("/v1/files", "?limit=x");
    String path = "/v1/files/" + id;
    batchReads(path, "");
    batchReads(path + "/content", "");
    sluice.get(path + "/content", "Range", "bytes=0-1");
    sluice.get(path + "/content", "Range", "bytes=9-");
    sluice.get("/v1/files/none");
    sluice.get("/v1/files/none/content");
    pinned(id, path);
    sluice.delete(path, "Authorization", NOBODY);
    sluice.delete(path, "Authorization", powerless);
    whileFilesAreAway(() -> sluice.delete(path));
    sluice.delete(path);
    sluice.delete(path);
    silent();
    try (TestGateway small = new TestGateway(it -> it.files(new FilesConfig(9, 9, 9, 9, 9, 9)))) {
      upload(small, Form.of("a", "hello, world").text("purpose", "batch"));
      upload(small, form);
      upload(small, form);
    }
  }

  private void silent() {
    try (RawClient client = new RawClient(sluice)) {
      client.send(
          "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\n"
              .formatted(sluice.key, Form.type()));
      Observed.add("POST", "/v1/files", client.status());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pinned(String id, String path) {
    Files files = new Files(sluice.files, Instant::now);
    StoredFile file = files.find("default", id).orElseThrow();
    files.pin(file, "batch_1", Instant.now().plusSeconds(60));
    sluice.delete(path);
    files.unpin("default", file.id(), "batch_1");
  }

  private Answer upload(Form form, String... headers) {
    return upload(sluice, form, headers);
  }

  private static Answer upload(TestGateway to, Form form, String... headers) {
    return to.send(
        "POST", "/v1/files", form.body(), TestGateway.with(headers, "Content-Type", Form.type()));
  }

  private void batches() {
    String file =
        new Files(sluice.files, InstantSource.system())
            .create(
                "default",
                new StoredFile.Terms("x", Purpose.BATCH, Optional.empty()),
                "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .id()
            .value();
    String body =
        "{\"input_file_id\":\""
            + file
            + "\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\"}";
    String id = sluice.json("POST", "/v1/batches", body).json().path("id").asText();
    String path = "/v1/batches/" + id;
    for (String verb : List.of("pause", "resume", "cancel")) {
      assertThat(sluice.send("POST", path + "/" + verb, "").status()).isEqualTo(200);
    }
    endBatch();
    sluice.json("POST", "/v1/batches", "{}");
    sluice.json("POST", "/v1/batches", body, "Authorization", NOBODY);
    sluice.json("POST", "/v1/batches", body, "Authorization", powerless);
    sluice.json("POST", "/v1/batches", body + "x".repeat(1 << 20));
    sluice.send("POST", "/v1/batches", body, "Content-Type", "text/plain");
    whileFilesAreAway(() -> sluice.json("POST", "/v1/batches", body));
    batchReads("/v1/batches", "?limit=x");
    batchReads(path, "");
    batchReads(path + "/results", "?after=x");
    sluice.get("/v1/batches");
    sluice.get(path + "/results");
    String again = sluice.send("POST", path + "/retry", "").json().path("id").asText();
    for (String none : List.of("", "/results")) {
      sluice.get("/v1/batches/none" + none);
    }
    for (String verb : List.of("cancel", "pause", "resume", "retry")) {
      sluice.send("POST", path + "/" + verb, "");
      sluice.send("POST", "/v1/batches/none/" + verb, "");
      sluice.send("POST", path + "/" + verb, "", "Authorization", NOBODY);
      sluice.send("POST", path + "/" + verb, "", "Authorization", powerless);
      whileFilesAreAway(() -> sluice.send("POST", path + "/" + verb, ""));
    }
    for (String verb : List.of("cancel", "pause", "resume")) {
      assertThat(sluice.send("POST", path + "/" + verb, "").status()).isEqualTo(400);
    }
    assertThat(sluice.send("POST", "/v1/batches/" + again + "/retry", "").status()).isEqualTo(400);
  }

  private void pipelines() {
    String body =
        "{\"task\":\"summarise\",\"model\":\"qwen3:14b\",\"documents\":[{\"text\":\"Hello.\"}]}";
    String id = sluice.json("POST", "/v1/pipelines", body).json().path("id").asText();
    String path = "/v1/pipelines/" + id;
    sluice.json("POST", "/v1/pipelines", "{");
    sluice.json("POST", "/v1/pipelines", "{}");
    sluice.json("POST", "/v1/pipelines", body.replace("qwen3", "other"));
    sluice.json("POST", "/v1/pipelines", body, "Authorization", NOBODY);
    sluice.json("POST", "/v1/pipelines", body, "Authorization", powerless);
    sluice.json("POST", "/v1/pipelines", body + "x".repeat(1 << 20));
    sluice.send("POST", "/v1/pipelines", body, "Content-Type", "text/plain");
    whileFilesAreAway(() -> sluice.json("POST", "/v1/pipelines", body));
    for (String verb : List.of("pause", "resume", "cancel")) {
      String change = path + "/" + verb;
      assertThat(sluice.send("POST", change, "").status()).isEqualTo(200);
      sluice.send("POST", "/v1/pipelines/none/" + verb, "");
      sluice.send("POST", change, "", "Authorization", NOBODY);
      sluice.send("POST", change, "", "Authorization", powerless);
      whileFilesAreAway(() -> sluice.send("POST", change, ""));
    }
    String folder = endPipeline();
    for (String verb : List.of("pause", "resume", "cancel")) {
      assertThat(sluice.send("POST", path + "/" + verb, "").status()).isEqualTo(409);
    }
    String text = path + "/documents/0/text";
    batchReads(text, "");
    sluice.write(folder + "texts/0", "{}\nHello.");
    batchReads("/v1/pipelines", "?limit=x");
    batchReads(path, "");
    batchReads(path + "/results", "?after=x");
    for (String page : List.of("/v1/pipelines", path, path + "/results", text)) {
      assertThat(sluice.get(page).status()).as(page).isEqualTo(200);
    }
    for (String none : List.of("", "/results")) {
      sluice.get("/v1/pipelines/none" + none);
    }
  }

  /** As its driver would, which another gateway is here. */
  private String endPipeline() {
    String folder =
        sluice.files.names().stream()
            .filter(it -> it.startsWith("pipelines/") && it.endsWith("/pipeline.json"))
            .map(it -> it.replace("pipeline.json", ""))
            .findFirst()
            .orElseThrow();
    sluice.write(folder + "ended.json", "{\"status\":\"completed\",\"at\":2}");
    return folder;
  }

  private void batchReads(String path, String wrong) {
    sluice.get(path + wrong);
    sluice.get(path, "Authorization", NOBODY);
    sluice.get(path, "Authorization", powerless);
    whileFilesAreAway(() -> sluice.get(path));
  }

  private void whileFilesAreAway(Runnable request) {
    sluice.files.away(true);
    request.run();
    sluice.files.away(false);
  }

  /** As its driver would, which another gateway is here. */
  private void endBatch() {
    String folder =
        sluice.files.names().stream()
            .filter(it -> it.startsWith("batches/") && it.endsWith("/batch.json"))
            .map(it -> it.replace("batch.json", ""))
            .findFirst()
            .orElseThrow();
    sluice.write(folder + "started.json", "{\"at\":1,\"total\":1,\"model\":\"\"}");
    sluice.write(
        folder + "ended.json",
        "{\"status\":\"failed\",\"at\":2,\"counts\":{\"completed\":0,\"failed\":0,\"usage\":[0,0,0]}}");
  }

  /** What any request may be answered that is held for a job. */
  private void held(String path, String body) {
    sluice.json("POST", path, "{");
    sluice.json("POST", path, body, "Authorization", NOBODY);
    sluice.json("POST", path, body, "Authorization", powerless);
    sluice.json("POST", path, body.replace("qwen3", "other"));
    sluice.json("POST", path, body.replace("hi", "x".repeat(1 << 20)));
    sluice.json("POST", path, body, "Content-Encoding", "gzip");
    whileAway(() -> sluice.json("POST", path, body));
    assertThat(verdict(path, body, MemoryStore.completed("x"))).isEqualTo(200);
    assertThat(verdict(path, body, MemoryStore.failed())).isEqualTo(502);
    assertThat(verdict(path, body, new Ending.Expired())).isEqualTo(504);
    Ending cancelled = new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE);
    assertThat(verdict(path, body, cancelled)).isEqualTo(410);
  }

  private int verdict(String path, String body, Ending ending) {
    int before = sluice.store.all().size();
    try (LineReader client =
        LineReader.post(sluice, path, body, "Content-Type", "application/json")) {
      await().until(() -> sluice.store.all().size() > before);
      sluice.store.finish(sluice.store.all().getFirst().id(), ending);
      return client.status();
    }
  }

  private void administration() {
    for (String path : List.of("keys", "tenants", "token-keys", "audit")) {
      adminReads("/admin/v1/" + path, "?limit=x");
      sluice.get("/admin/v1/" + path);
    }
    adminReads("/admin/v1/keys/" + id(sluice.key), "");
    sluice.get("/admin/v1/keys/none");
    adminReads("/admin/v1/tenants/default", "");
    sluice.get("/admin/v1/tenants/-");
    sluice.get("/admin/v1/tenants/none");
    adminWrites("POST", "/admin/v1/keys", "{\"tenant\":\"a\",\"scopes\":[\"batch\"]}");
    adminWrites("PUT", "/admin/v1/tenants/a", "{\"limits\":{}}");
    sluice.json("PUT", "/admin/v1/tenants/-", "{}");
    String hook = "{\"limits\":{},\"webhook\":{\"url\":\"https://example.com/\"}}";
    sluice.json("PUT", "/admin/v1/tenants/a", hook);
    sluice.json("POST", "/admin/v1/tenants/a/webhook-secret", "{}");
    adminChanges("DELETE", "/admin/v1/tenants/a");
    adminChanges("DELETE", "/admin/v1/tenants/-");
    adminChanges("DELETE", "/admin/v1/keys/" + id(sluice.key("a", Set.of("batch"))));
    adminChanges("DELETE", "/admin/v1/keys/none");
    workers();
    adminChanges("DELETE", "/admin/v1/cache");
    sluice.send("DELETE", "/admin/v1/cache?tenant=-", "");
    sluice.json("POST", "/admin/v1/token-keys", "{}");
    sluice.json("POST", "/admin/v1/token-keys/rotate", "");
    sluice.delete("/admin/v1/token-keys/none");
    try (TestGateway with =
        new TestGateway(
            config ->
                Minted.ed25519(config)
                    .limits(
                        Bounds.DEFAULT
                            .bodyBytesMax(1 << 20)
                            .streams(TestGateway.streams(1, 10, 10))))) {
      tokenKeys(with);
      webhookSecrets(with);
    }
  }

  private void workers() {
    sluice.fleet.announce(MemoryFleet.serving("w", TestGateway.POOL), Duration.ofMinutes(1));
    adminReads("/admin/v1/workers", "?limit=x");
    sluice.get("/admin/v1/workers");
    adminReads("/admin/v1/workers/w", "");
    sluice.get("/admin/v1/workers/none");
    for (String verb : List.of("drain", "resume")) {
      adminChanges("POST", "/admin/v1/workers/w/" + verb);
      sluice.send("POST", "/admin/v1/workers/none/" + verb, "");
    }
    sluice.send("POST", "/admin/v1/workers/w/drain?within=x", "");
  }

  private static String id(String key) {
    return ApiKeys.parse(key).orElseThrow().id();
  }

  private static void tokenKeys(TestGateway with) {
    String nobody = "Bearer " + with.key("default", Set.of("something"));
    for (String path : List.of("", "/rotate")) {
      with.json("POST", "/admin/v1/token-keys" + path, "{}", "Authorization", NOBODY);
      with.json("POST", "/admin/v1/token-keys" + path, "{}", "Authorization", nobody);
    }
    with.delete("/admin/v1/token-keys/x", "Authorization", NOBODY);
    with.delete("/admin/v1/token-keys/x", "Authorization", nobody);
    String path = "/admin/v1/token-keys";
    with.json("POST", path, "{");
    with.json("POST", path, "{}");
    with.json("POST", path, "{\"secret\":\"" + "x".repeat(1 << 20) + "\"}");
    with.send("POST", path, "{}", "Content-Type", "text/plain");
    String kid = "";
    for (int i = 0; i < 5; i++) {
      Answer made = with.json("POST", path, "{\"tenant\":\"a\"}");
      kid = made.status() == 201 ? made.json().path("kid").asText() : kid;
    }
    with.audit.away = true;
    with.json("POST", path + "/rotate", "");
    with.delete(path + "/" + kid);
    with.json("POST", path, "{\"tenant\":\"b\"}");
    with.audit.away = false;
    while (with.json("POST", path + "/rotate", "").status() == 201) {
      // Until there are too many.
    }
    with.delete(path + "/" + kid);
  }

  private void catalogue() {
    sluice.get("/");
    sluice.get("/api/version");
    for (String path : List.of("/api/tags", "/api/ps", "/v1/models", "/v1/models/qwen3:14b")) {
      catalogued(path);
    }
    owned();
    sluice.get("/v1/models/none");
    sluice.get("/v1/models/no/ne");
    String path = "/api/show";
    String body = "{\"model\":\"qwen3:14b\"}";
    sluice.json("POST", path, body);
    sluice.json("POST", path, "{}");
    sluice.json("POST", path, "{\"model\":\"none\"}");
    sluice.json("POST", path, "x".repeat(1 << 20));
    sluice.json("POST", path, body, "Content-Encoding", "gzip");
    sluice.json("POST", path, body, "Authorization", NOBODY);
    sluice.json("POST", path, body, "Authorization", powerless);
    sluice.directory.away = true;
    sluice.json("POST", path, body, "Authorization", stranger());
    sluice.directory.away = false;
  }

  private void catalogued(String path) {
    sluice.get(path);
    sluice.get(path, "Authorization", NOBODY);
    sluice.get(path, "Authorization", powerless);
    sluice.directory.away = true;
    sluice.get(path, "Authorization", stranger());
    sluice.directory.away = false;
  }

  /** A model whose name has a slash. */
  private void owned() {
    Pool pool = Pool.parse("acme/tiny:1b");
    try (TestGateway other =
        new TestGateway(config -> GatewayConfig.of(0, "other", List.of(pool)))) {
      assertThat(other.get("/v1/models/" + pool.model()).json().path("id").asText())
          .isEqualTo(pool.model());
      assertThat(other.get("/v1/models/acme%2Ftiny:1b").json().path("id").asText())
          .isEqualTo(pool.model());
    }
    catalogued("/v1/models/" + pool.model());
  }

  /** A key that nobody has asked about yet. */
  private String stranger() {
    return "Bearer " + ApiKeys.generate("default", Set.of("batch"), Instant.now()).text();
  }

  private static void webhookSecrets(TestGateway with) {
    String nobody = "Bearer " + with.key("default", Set.of("something"));
    String path = "/admin/v1/tenants/a/webhook-secret";
    assertThat(with.json("POST", path, "{}").status()).isEqualTo(201);
    with.json("POST", "/admin/v1/tenants/-/webhook-secret", "{}");
    with.json("POST", path, "{}", "Authorization", NOBODY);
    with.json("POST", path, "{}", "Authorization", nobody);
    with.json("POST", path, "{\"overlap\":\"169h\"}");
    with.json("POST", path, "{\"overlap\":\"" + "x".repeat(1 << 20) + "\"}");
    with.send("POST", path, "{}", "Content-Type", "text/plain");
    with.audit.away = true;
    with.json("POST", path, "{}");
    with.audit.away = false;
  }

  private void adminReads(String path, String wrong) {
    sluice.get(path + wrong);
    sluice.get(path, "Authorization", NOBODY);
    sluice.get(path, "Authorization", powerless);
    sluice.directory.away = true;
    sluice.tokenKeys.away = true;
    sluice.fleet.away = true;
    sluice.audit.away = true;
    sluice.get(path);
    sluice.directory.away = false;
    sluice.tokenKeys.away = false;
    sluice.fleet.away = false;
    sluice.audit.away = false;
  }

  private void adminWrites(String method, String path, String body) {
    sluice.json(method, path, "{");
    sluice.json(method, path, "{\"x\":1}");
    sluice.json(method, path, "{\"x\":\"" + "x".repeat(1 << 20) + "\"}");
    sluice.send(method, path, body, "Content-Type", "text/plain");
    sluice.json(method, path, body, "Authorization", NOBODY);
    sluice.json(method, path, body, "Authorization", powerless);
    sluice.audit.away = true;
    sluice.json(method, path, body);
    sluice.audit.away = false;
    sluice.json(method, path, body);
  }

  private void adminChanges(String method, String path) {
    sluice.send(method, path, "", "Authorization", NOBODY);
    sluice.send(method, path, "", "Authorization", powerless);
    sluice.audit.away = true;
    sluice.send(method, path, "");
    sluice.audit.away = false;
    sluice.send(method, path, "");
    sluice.send(method, path, "");
  }

  private void reads(JobId id) {
    everywhere("/v1/jobs", "?limit=x");
    sluice.get("/v1/jobs");
    everywhere("/v1/jobs/" + id, "?wait=x");
    String tag = sluice.get("/v1/jobs/" + id).header("ETag");
    sluice.get("/v1/jobs/" + id, "If-None-Match", tag);
    sluice.get("/v1/jobs/none");
    everywhere("/v1/jobs/" + id + "/explain", "");
    sluice.get("/v1/jobs/none/explain");
  }

  private void streams(JobId id) {
    String path = "/v1/jobs/" + id + "/events";
    everywhere(path, "?after=x");
    sluice.get("/v1/jobs/none/events");
    try (SseReader reader = SseReader.open(sluice, id, Optional.empty())) {
      assertThat(sluice.get(path).status()).isEqualTo(429);
      assertThat(reader.ended).isFalse();
    }
    JobId ended = sluice.store.all().getLast().id();
    sluice.store.finish(ended, MemoryStore.completed("x"));
    sluice.get("/v1/jobs/" + ended + "/events?after=9999999.0");
  }

  private void cancellations(JobId id) {
    String path = "/v1/jobs/" + id;
    sluice.store.claim(id);
    sluice.delete(path);
    sluice.store.finish(id, MemoryStore.completed("x"));
    sluice.delete(path);
    sluice.delete("/v1/jobs/none");
    sluice.delete(path, "Authorization", NOBODY);
    sluice.delete(path, "Authorization", powerless);
    whileAway(() -> sluice.delete(path));
  }

  /** What any read may be answered. */
  private void everywhere(String path, String wrong) {
    sluice.get(path + wrong);
    sluice.get(path, "Authorization", NOBODY);
    sluice.get(path, "Authorization", powerless);
    whileAway(() -> sluice.get(path));
  }

  private void whileAway(Runnable request) {
    sluice.store.away = true;
    request.run();
    sluice.store.away = false;
  }
}
