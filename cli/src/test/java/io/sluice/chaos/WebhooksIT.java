package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.sluice.Admission;
import io.sluice.Await;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.Unavailable;
import io.sluice.cli.Captured;
import io.sluice.cli.Sluice;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.redis.Redis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No end of a job goes untold, whoever is killed between it and its webhook. */
class WebhooksIT {
  private static final Map<String, String> HERE =
      Map.of(
          "SLUICE_WEBHOOK_HTTP", "allow",
          "SLUICE_WEBHOOK_PORTS", "1-65535",
          "SLUICE_WEBHOOK_RANGES", "127.0.0.0/8");

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final AtomicBoolean began = new AtomicBoolean();

  /** Until then the first message gets no answer. */
  private final CountDownLatch answering = new CountDownLatch(1);

  private HttpServer receiver;

  private record Told(String id, String timestamp, String signatures, byte[] body) {
    boolean isSignedWith(String secret) throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      return signatures.equals("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
    }
  }

  @BeforeEach
  void receive() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext(
        "/",
        it -> {
          boolean first = !began.getAndSet(true);
          told.add(
              new Told(
                  it.getRequestHeaders().getFirst("webhook-id"),
                  it.getRequestHeaders().getFirst("webhook-timestamp"),
                  it.getRequestHeaders().getFirst("webhook-signature"),
                  it.getRequestBody().readAllBytes()));
          if (first) {
            await(answering);
          }
          it.sendResponseHeaders(204, -1);
          it.close();
        });
    receiver.start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() {
    answering.countDown();
    receiver.stop(0);
    http.close();
  }

  private String hook() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
  }

  private Told next() throws InterruptedException {
    return next(Duration.ofSeconds(60));
  }

  private Told next(Duration within) throws InterruptedException {
    Told next = told.poll(within.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("a message within %s", within).isNotNull();
    return next;
  }

  private String secret(Map<String, String> environment) {
    Captured made =
        Sluice.run(folder, environment, "tenant", "webhook-secret", "default", "--json");
    assertThat(made.exit()).as(made.err()).isZero();
    return Json.parse(made.out()).path("secret").asText();
  }

  private JsonNode send(String url, String key, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private String submit(String url, String key) throws IOException, InterruptedException {
    ObjectNode body =
        Json.object().put("model", Cluster.MODEL).put("prompt", "hi").put("webhook", hook());
    JsonNode job = send(url, key, "POST", "/v1/jobs", Json.write(body));
    assertThat(job.path("id").asText()).as(job.toString()).startsWith("job_");
    return job.path("id").asText();
  }

  private JsonNode delivered(String url, String key, String id) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> send(url, key, "GET", "/v1/jobs/" + id, "").path("webhook"),
            it -> it.path("state").asText().equals("delivered"));
  }

  /** It was told and nobody noted that: it is told again, under the same name. */
  @Test
  void one_process_that_is_killed_in_the_middle_of_a_try_tells_again_after_its_start()
      throws Exception {
    try (EngineSim engine = EngineSim.start(Cluster.simulated(Duration.ofMillis(1)))) {
      Map<String, String> environment = new HashMap<>(HERE);
      environment.put("SLUICE_DATA", folder.resolve("data").toString());
      environment.put("SLUICE_ENGINE_URL", engine.uri().toString());
      environment.put("SLUICE_MODEL", Cluster.MODEL);
      String port = "" + Cluster.freePort();
      String url = "http://127.0.0.1:" + port;
      Path keyFile = folder.resolve("data").resolve("api-key");
      String id;
      String key;
      String secret;
      Told first;
      try (Sluice up = Sluice.start(folder, environment, "up", "--port", port)) {
        up.awaitLine("sluice ready ");
        key = Files.readString(keyFile).strip();
        secret = secret(environment);
        id = submit(url, key);
        first = next();
        assertThat(first.isSignedWith(secret)).isTrue();
      } // which kills it
      answering.countDown();
      try (Sluice up = Sluice.start(folder, environment, "up", "--port", port)) {
        up.awaitLine("sluice ready ");
        Told second = next(Duration.ofSeconds(120));

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.isSignedWith(secret)).isTrue();
        assertThat(delivered(url, key, id).path("attempts").asInt()).isEqualTo(2);
      }
    }
  }

  private static boolean hasEnded(Cluster cluster, String id) {
    Redis redis = Redis.connect(cluster.redis.uri(), Admission.Bounds.DEFAULT);
    try {
      JobStore.Lookup lookup = Await.await(redis.store().find(new JobId(id)));
      return lookup instanceof JobStore.Lookup.Found(JobRecord record)
          && record.state().isTerminal();
    } catch (Unavailable notYet) {
      return false;
    } finally {
      redis.close();
    }
  }

  /** The worker ends the job while there is no gateway: that it is owed is in its last step. */
  @Test
  void a_gateway_that_was_killed_before_the_end_tells_it_when_it_is_back() throws Exception {
    answering.countDown();
    try (Cluster cluster = new Cluster(folder, 1, Duration.ofMillis(100))) {
      cluster.gateway.kill9();
      Map<String, String> environment = new HashMap<>(HERE);
      environment.put("SLUICE_AMQP_URL", cluster.rabbit.uri().toString());
      environment.put("SLUICE_REDIS_URL", cluster.redis.uri().toString());
      environment.put("SLUICE_MODEL", Cluster.MODEL);
      environment.put("SLUICE_SECRET", "c2x1aWNlIHRlc3RzIGhhdmUgYSBzZWNyZXQgb2YgMzIgYnl0ZXM=");
      Map<String, String> desk = new HashMap<>(environment);
      desk.keySet().retainAll(List.of("SLUICE_REDIS_URL", "SLUICE_SECRET"));
      String secret = secret(desk);
      String port = "" + cluster.url.getPort();
      try (SluiceProcess gateway =
          SluiceProcess.start("telling", folder, environment, "gateway", "--port", port)) {
        cluster.awaitReady();
        String url = cluster.url.toString();
        String id = submit(url, cluster.key);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    send(url, cluster.key, "GET", "/v1/jobs/" + id, "")
                        .path("state")
                        .asText()
                        .equals("in_progress"));
        gateway.kill9();
        Awaitility.await("the worker to end it")
            .atMost(Duration.ofSeconds(60))
            .until(() -> hasEnded(cluster, id));
        assertThat(told).isEmpty();

        gateway.start();

        Told end = next();
        assertThat(end.isSignedWith(secret)).isTrue();
        assertThat(Json.parse(new String(end.body(), StandardCharsets.UTF_8)).path("type").asText())
            .isEqualTo("job.completed");
        assertThat(delivered(url, cluster.key, id).path("attempts").asInt()).isOne();
      }
    }
  }
}
