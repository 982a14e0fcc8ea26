package io.sluice.gateway;

import static io.sluice.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.AnswerCache;
import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.HealthCheck;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobState;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.MemoryFileStore;
import io.sluice.Pool;
import io.sluice.Sharing;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.connection.OpenConnections;
import io.sluice.tls.ClientTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A gateway on ports in memory, reached over real HTTP. It blocks nobody unless a test says so,
 * since all tests come from one address.
 */
final class TestGateway implements AutoCloseable {
  static final Pool POOL = Pool.parse("qwen3:14b");
  static final Pool LARGE = Pool.parse("qwen3:14b@16k");
  static final Pool OTHER = Pool.parse("smollm:135m@1k");

  final MemoryStore store;
  final MemoryQueue queue = new MemoryQueue();
  final MemoryElections elections = new MemoryElections();
  final MemoryDirectory directory = new MemoryDirectory();
  final MemoryTenants tenants = new MemoryTenants();
  final MemoryGrants grants;
  final MemoryTokenKeys tokenKeys = new MemoryTokenKeys();
  final MemoryFleet fleet = new MemoryFleet();
  final MemoryWebhooks webhooks = new MemoryWebhooks();
  final MemoryAudit audit = new MemoryAudit();
  final MemoryFileStore files = new MemoryFileStore();
  final List<Lane> offered = new CopyOnWriteArrayList<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final String key;
  final Gateway gateway;
  private final Vertx vertx;
  private final HttpClient client;
  private final String origin;
  final AtomicInteger checksMade = new AtomicInteger();
  volatile String unhealthy = "";

  /** Of a store that keeps none. */
  private static final AnswerCache NO_ANSWERS =
      new AnswerCache() {
        @Override
        public Future<Boolean> holds(Sharing sharing) {
          return Future.succeededFuture(false);
        }

        @Override
        public Future<Size> size() {
          return Future.succeededFuture(new Size(0, 0));
        }

        @Override
        public Future<Integer> forget(Optional<String> tenant) {
          return Future.succeededFuture(0);
        }
      };

  TestGateway() {
    this(UnaryOperator.identity());
  }

  TestGateway(UnaryOperator<GatewayConfig> settings) {
    this(settings, InstantSource.system());
  }

  TestGateway(UnaryOperator<GatewayConfig> settings, InstantSource clock) {
    this(settings, clock, Optional.empty());
  }

  /** Reached over HTTP/2 and TLS, if it is told whom to trust for that. */
  TestGateway(
      UnaryOperator<GatewayConfig> settings, InstantSource clock, Optional<ClientTls> trust) {
    store = new MemoryStore(clock);
    grants = new MemoryGrants(clock);
    key = key("default", ApiKey.ALL_SCOPES);
    GatewayPorts ports =
        new GatewayPorts(
            queue,
            order(),
            store,
            store,
            store,
            store,
            store,
            webhooks,
            NO_ANSWERS,
            store,
            elections,
            fleet,
            new GatewayPorts.Access(directory, tenants, grants, tokenKeys),
            audit,
            files,
            List.of(health()));
    GatewayConfig config =
        settings.apply(
            GatewayConfig.of(0, "test", List.of(LARGE, POOL, OTHER))
                .timing(timing(Duration.ofSeconds(15)))
                .auth(AuthConfig.DEFAULT.lockout(0, Duration.ofMinutes(5))));
    vertx =
        new OpenConnections(config.limits().connections(), config.auth().trustedProxies(), meters)
            .vertx();
    gateway = new Gateway(new GatewayEnvironment(vertx, clock, listener(), meters), ports, config);
    await(gateway.start());
    origin =
        trust.isPresent()
            ? "https://localhost:" + gateway.port()
            : "http://127.0.0.1:" + gateway.port();
    client =
        trust
            .map(tls -> HttpClient.newBuilder().sslContext(tls.context()))
            .orElseGet(() -> HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
            .build();
  }

  static Timing timing(Duration keepAlive) {
    return new Timing(keepAlive, Duration.ofMillis(700), Duration.ofMillis(300), Duration.ZERO);
  }

  /** Event streams at their standard times. */
  static StreamBounds streams(int perKeyMax, int perTenantMax, int max) {
    StreamBounds standard = StreamBounds.DEFAULT;
    return new StreamBounds(
        perKeyMax, perTenantMax, max, standard.life(), standard.stallMax(), standard.unknownMax());
  }

  String key(String tenant, Set<String> scopes) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, Instant.now());
    await(directory.add(made.key()));
    return made.text();
  }

  /** A key that is bound to something. */
  String key(UnaryOperator<ApiKey> bound) {
    ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
    await(directory.add(bound.apply(made.key())));
    return made.text();
  }

  Answer post(String body, String... headers) {
    return send("POST", "/v1/jobs", body, with(headers, "Content-Type", "application/json"));
  }

  /** Submits bytes that may be no text. */
  Answer postBytes(byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(origin + "/v1/jobs"))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return send("POST", "/v1/jobs", request);
  }

  /** Makes a file, as if this or another gateway had made it. */
  void write(String name, String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    try (io.sluice.FileStore.Draft draft = files.create(name)) {
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
  }

  /** Submits an ordinary chat and returns its id. */
  JobId submit() {
    Answer answer = post(chat("hello"));
    if (answer.status() != 202) {
      throw new AssertionError(answer.toString());
    }
    return new JobId(answer.json().path("id").asText());
  }

  Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  Answer delete(String path, String... headers) {
    return send("DELETE", path, "", headers);
  }

  /** Sends a body as JSON. */
  Answer json(String method, String path, String body, String... headers) {
    return send(method, path, body, with(headers, "Content-Type", "application/json"));
  }

  /** Sends with the first key, unless the headers say otherwise. */
  Answer send(String method, String path, String body, String... headers) {
    return send(method, path, request(method, path, body, headers));
  }

  private Answer send(String method, String path, HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      Observed.add(method, path, response.statusCode());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    boolean authorized = false;
    for (int i = 0; i < headers.length; i += 2) {
      authorized |= headers[i].equals("Authorization");
      if (!headers[i + 1].isEmpty()) {
        request.header(headers[i], headers[i + 1]);
      }
    }
    return authorized ? request.build() : request.header("Authorization", "Bearer " + key).build();
  }

  HttpClient client() {
    return client;
  }

  static String chat(String text) {
    return "{\"model\":\"qwen3:14b\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + text
        + "\"}]}";
  }

  static String[] with(String[] headers, String name, String value) {
    if (List.of(headers).contains(name)) {
      return headers;
    }
    String[] more = Arrays.copyOf(headers, headers.length + 2);
    more[headers.length] = name;
    more[headers.length + 1] = value;
    return more;
  }

  private JobListener listener() {
    return new JobListener() {
      @Override
      public void submitted(Job job) {
        told.add("submitted");
      }

      @Override
      public void refused(String tenant, String code) {
        told.add("refused " + code);
      }

      @Override
      public void ended(JobId id, JobState state) {
        told.add("ended " + state.wireName());
      }
    };
  }

  private LaneOrder order() {
    return new LaneOrder() {
      @Override
      public Future<Void> offered(Lane lane, Share share) {
        offered.add(lane);
        return Future.succeededFuture();
      }

      @Override
      public Future<Optional<Turn>> next(Ask ask) {
        throw new UnsupportedOperationException("the gateway pulls nothing by turns");
      }

      @Override
      public Future<Void> emptied(Turn turn) {
        throw new UnsupportedOperationException("the gateway pulls nothing by turns");
      }

      @Override
      public Future<Void> charge(Turn turn, Charge charge) {
        throw new UnsupportedOperationException("the gateway pulls nothing by turns");
      }

      @Override
      public Subscription watch(Set<Pool> pools, Runnable wake) {
        throw new UnsupportedOperationException("the gateway pulls nothing by turns");
      }
    };
  }

  private HealthCheck health() {
    return new HealthCheck() {
      @Override
      public String name() {
        return "queue";
      }

      @Override
      public Future<Void> check() {
        checksMade.incrementAndGet();
        return unhealthy.isEmpty() ? Future.succeededFuture() : Future.failedFuture(unhealthy);
      }
    };
  }

  @Override
  public void close() {
    try {
      await(gateway.stop());
    } finally {
      await(vertx.close());
      client.close();
    }
  }

  /** What came back. */
  record Answer(int status, Map<String, List<String>> headers, String body) {
    JsonNode json() {
      return Json.parse(body);
    }

    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElse("");
    }

    String code() {
      return json().path("code").asText();
    }
  }

  /** Keys in memory. */
  static final class MemoryDirectory implements Directory {
    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();
    volatile int lookups;
    volatile int usesWritten;
    volatile boolean away;

    @Override
    public Future<Optional<ApiKey>> key(String id) {
      lookups++;
      if (away) {
        return Future.failedFuture(new Unavailable("store", "taken away by the test"));
      }
      return Future.succeededFuture(Optional.ofNullable(keys.get(id)));
    }

    @Override
    public Future<Void> add(ApiKey key) {
      keys.put(key.id(), key);
      return Future.succeededFuture();
    }

    @Override
    public Future<List<ApiKey>> keys() {
      if (away) {
        return Future.failedFuture(new Unavailable("store", "taken away by the test"));
      }
      return Future.succeededFuture(List.copyOf(keys.values()));
    }

    @Override
    public Future<Boolean> revoke(String id, Instant now) {
      keys.computeIfPresent(id, (same, key) -> key.revoked(now));
      return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> used(Map<String, ApiKey.LastUse> uses) {
      usesWritten++;
      if (away) {
        return Future.failedFuture(new Unavailable("store", "taken away by the test"));
      }
      uses.forEach((id, use) -> keys.computeIfPresent(id, (same, key) -> key.used(use)));
      return Future.succeededFuture();
    }
  }
}
