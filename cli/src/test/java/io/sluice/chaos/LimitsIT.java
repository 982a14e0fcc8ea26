package io.sluice.chaos;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Await;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.ReferenceWindow;
import io.sluice.Tenant;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.redis.Redis;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits from 8 threads over two gateway processes on one RabbitMQ and Redis, for longer than their
 * windows: never more than the bound, never short of it, and after settlement what was used.
 */
class LimitsIT {
  private static final Logger LOG = LoggerFactory.getLogger(LimitsIT.class);
  private static final int THREADS = 8;
  private static final Duration RUN = Duration.ofSeconds(80);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration READY = Duration.ofSeconds(90);
  private static final Pattern REMAINING = Pattern.compile("\"([a-z-]+)\";r=(\\d+);t=\\d+");
  private static final long A_LOT = 1L << 40;
  private static final int OUTPUT_TOKENS = 20;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Try> tries = new ConcurrentLinkedQueue<>();
  private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
  private final List<URI> gateways = new ArrayList<>();

  /** Whose requests are counted together, and how many a minute. */
  private record Subject(String name, String policy, long bound) {}

  /** One way to ask. */
  private record Door(Subject subject, String tenant, String key, String session) {}

  /** A submission, in the time between which it was decided. */
  private record Try(Subject subject, long sentMs, long answeredMs, boolean admitted) {
    long middleMs() {
      return (sentMs + answeredMs) / 2;
    }
  }

  private record Accepted(String id, String tenant, String key) {}

  @Test
  void hold_from_eight_threads_over_two_gateways_while_their_windows_roll() throws Exception {
    long seed = System.nanoTime();
    LocalDate day = LocalDate.now(ZoneOffset.UTC);
    LOG.info("seed {}", seed);
    try (RabbitServer rabbit = TestServers.ownRabbit();
        RedisServer server = TestServers.ownRedis();
        EngineSim engine = EngineSim.start(SimConfig.DEFAULT.slots(4).answerTokens(9));
        SluiceProcess first = gateway(0, rabbit, server);
        SluiceProcess second = gateway(1, rabbit, server);
        SluiceProcess worker = worker(rabbit, server, engine)) {
      List<Door> doors = doors(server);
      gateways.forEach(this::awaitReady);

      ask(doors, seed);
      LOG.info("{} asked, {} accepted", tries.size(), accepted.size());

      for (Subject subject : doors.stream().map(Door::subject).distinct().toList()) {
        assertBoundHeld(subject);
      }
      Map<String, Long> used =
          accepted.stream().collect(groupingBy(Accepted::tenant, summingLong(this::usedInTheEnd)));
      LOG.info("used {}", used);
      assertThat(used.values()).as("tokens used").hasSize(4).allMatch(tokens -> tokens > 0);
      assertThat(worker.terminate(Duration.ofSeconds(40))).isZero();
      Map<String, Long> charged = chargedToday(server, doors);
      // Budgets of a day begin anew at midnight.
      if (day.equals(LocalDate.now(ZoneOffset.UTC))) {
        assertThat(charged).as("tokens charged").isEqualTo(used);
      }
      assertThat(List.of(first.isAlive(), second.isAlive())).containsOnly(true);
    }
  }

  private Map<String, String> servers(RabbitServer rabbit, RedisServer redis) {
    return Map.of(
        "SLUICE_AMQP_URL", rabbit.uri().toString(),
        "SLUICE_REDIS_URL", redis.uri().toString(),
        "SLUICE_MODEL", "qwen3:14b");
  }

  private SluiceProcess gateway(int number, RabbitServer rabbit, RedisServer redis)
      throws IOException {
    int port = Cluster.freePort();
    gateways.add(URI.create("http://127.0.0.1:" + port));
    Path data = folder.resolve("gateway" + number);
    return SluiceProcess.start(
        "gateway" + number,
        folder,
        servers(rabbit, redis),
        "gateway",
        "--port",
        "" + port,
        "--data",
        data.toString());
  }

  private SluiceProcess worker(RabbitServer rabbit, RedisServer redis, EngineSim engine) {
    return SluiceProcess.start(
        "worker",
        folder,
        servers(rabbit, redis),
        "worker",
        "--engine",
        engine.uri().toString(),
        "--slots",
        "4",
        "--data",
        folder.resolve("worker").toString());
  }

  /** Four tenants: limited as a whole, by key, by session, and in tokens. */
  private List<Door> doors(RedisServer server) {
    try (Redis redis = Redis.connect(server.uri(), Admission.Bounds.DEFAULT)) {
      Subject whole = new Subject("whole", "tenant-requests", 150);
      tenant(redis, "whole", Limit.TENANT_REQUESTS_PER_MINUTE, whole.bound());
      tenant(redis, "keys", Limit.PRINCIPAL_REQUESTS_PER_MINUTE, 60);
      tenant(redis, "sessions", Limit.SESSION_REQUESTS_PER_MINUTE, 40);
      tenant(redis, "tokens", Limit.TENANT_TOKENS_PER_MINUTE, 4_000);
      String sessions = key(redis, "sessions");
      return List.of(
          new Door(whole, "whole", key(redis, "whole"), "one"),
          new Door(whole, "whole", key(redis, "whole"), "two"),
          new Door(
              new Subject("key 1", "principal-requests", 60), "keys", key(redis, "keys"), "one"),
          new Door(
              new Subject("key 2", "principal-requests", 60), "keys", key(redis, "keys"), "one"),
          new Door(new Subject("tab 1", "session-requests", 40), "sessions", sessions, "one"),
          new Door(new Subject("tab 2", "session-requests", 40), "sessions", sessions, "two"),
          new Door(
              new Subject("tokens", "tenant-tokens", 4_000),
              "tokens",
              key(redis, "tokens"),
              "one"));
    }
  }

  private static void tenant(Redis redis, String name, Limit limit, long bound) {
    Map<Limit, Long> bounds = new EnumMap<>(Map.of(Limit.TENANT_TOKENS_PER_DAY, A_LOT));
    bounds.put(limit, bound);
    Limits limits = new Limits(bounds, Set.of());
    Awaitility.await("the store")
        .atMost(READY)
        .ignoreException(Unavailable.class)
        .until(
            () -> {
              Await.await(redis.tenants().put(new Tenant(name, limits)));
              return true;
            });
  }

  private static String key(Redis redis, String tenant) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, ApiKey.ALL_SCOPES, Instant.now());
    Await.await(redis.directory().add(made.key()));
    return made.text();
  }

  private void awaitReady(URI gateway) {
    HttpRequest ready =
        HttpRequest.newBuilder(gateway.resolve("/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    Awaitility.await("a gateway to be ready")
        .atMost(READY)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
  }

  private void ask(List<Door> doors, long seed) throws Exception {
    Instant end = Instant.now().plus(RUN);
    try (ExecutorService clients = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(seed + thread);
        running.add(
            clients.submit(
                () -> {
                  while (Instant.now().isBefore(end)) {
                    askOnce(doors.get(random.nextInt(doors.size())), random);
                    LockSupport.parkNanos(PAUSE.toNanos());
                  }
                  return null;
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    }
  }

  private void askOnce(Door door, Random random) throws Exception {
    int fate = random.nextInt(6);
    String prompt = (fate == 0 ? "[[sim:status=bad_option]] " : "") + "say something " + fate;
    long sent = System.currentTimeMillis();
    HttpResponse<String> answer = send(random, request(door, prompt));
    long answered = System.currentTimeMillis();
    boolean admitted = answer.statusCode() == 202;
    tries.add(new Try(door.subject(), sent, answered, admitted));
    if (!admitted) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
      assertThat(remaining(answer, door.subject().policy()))
          .as("what is left of a limit that refuses")
          .isLessThan(door.subject().policy().endsWith("tokens") ? costAtMost(answer) : 1);
      return;
    }
    String id = Json.parse(answer.body()).path("id").asText();
    accepted.add(new Accepted(id, door.tenant(), door.key()));
    if (fate == 1) {
      send(random, authorized("/v1/jobs/" + id, door.key()).DELETE());
    }
  }

  /** The prompts here have at most 40 tokens with their frame. */
  private static long costAtMost(HttpResponse<String> refused) {
    return 40 + OUTPUT_TOKENS;
  }

  private static long remaining(HttpResponse<String> answer, String policy) {
    String header = answer.headers().firstValue("RateLimit").orElse("");
    Matcher item = REMAINING.matcher(header);
    while (item.find()) {
      if (item.group(1).equals(policy)) {
        return Long.parseLong(item.group(2));
      }
    }
    throw new AssertionError(policy + " is not in " + header);
  }

  private HttpRequest.Builder request(Door door, String prompt) {
    String body =
        Json.write(
            Json.object()
                .put("model", "qwen3:14b")
                .put("prompt", prompt)
                .put("session", door.session())
                .put("max_output_tokens", OUTPUT_TOKENS));
    return authorized("/v1/jobs", door.key())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static HttpRequest.Builder authorized(String path, String key) {
    return HttpRequest.newBuilder(URI.create("http://gateway" + path))
        .header("Authorization", "Bearer " + key)
        .timeout(Duration.ofSeconds(20));
  }

  /** Through either gateway. */
  private HttpResponse<String> send(Random random, HttpRequest.Builder request) throws Exception {
    URI gateway = gateways.get(random.nextInt(gateways.size()));
    HttpRequest made = request.build();
    return http.send(
        HttpRequest.newBuilder(made, (name, value) -> true)
            .uri(gateway.resolve(made.uri().getRawPath()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Never over the bound in any minute; and, where requests count, not short of the model. */
  private void assertBoundHeld(Subject subject) {
    if (subject.policy().endsWith("tokens")) {
      return;
    }
    List<Try> mine =
        tries.stream()
            .filter(one -> one.subject().equals(subject))
            .sorted(Comparator.comparingLong(Try::middleMs))
            .toList();
    List<Try> in = mine.stream().filter(Try::admitted).toList();
    for (Try from : in) {
      long until = from.sentMs() + 60_000;
      long within =
          in.stream()
              .filter(one -> one.sentMs() >= from.sentMs() && one.answeredMs() < until)
              .count();
      assertThat(within).as("%s in one minute", subject).isLessThanOrEqualTo(subject.bound());
    }
    long model = modelled(subject, mine);
    LOG.info("{}: {} tries, {} accepted, {} by the model", subject, mine.size(), in.size(), model);
    assertThat(model).as("the windows rolled").isGreaterThan(subject.bound());
    assertThat((double) in.size())
        .as("%s accepted, where the reference model takes %s", subject, model)
        .isBetween(model * 0.98, model * 1.01);
  }

  private static long modelled(Subject subject, List<Try> inOrder) {
    ReferenceWindow window = new ReferenceWindow(subject.bound());
    long admitted = 0;
    for (Try one : inOrder) {
      if (window.fits(one.middleMs(), 1)) {
        window.charge(one.middleMs(), 1);
        admitted++;
      }
    }
    return admitted;
  }

  private long usedInTheEnd(Accepted job) {
    JsonNode[] last = new JsonNode[1];
    Awaitility.await(job + " to end")
        .atMost(Duration.ofMinutes(3))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              HttpRequest.Builder request = authorized("/v1/jobs/" + job.id(), job.key());
              last[0] = Json.parse(send(new Random(), request).body());
              return !last[0].path("ended_at").isNull();
            });
    JsonNode usage = last[0].path("usage");
    return usage.path("prompt_tokens").asLong() + usage.path("completion_tokens").asLong();
  }

  /**
   * What the store has charged, told from outside: from what two more jobs leave of the budget,
   * once there is no other limit and no worker any more.
   */
  private Map<String, Long> chargedToday(RedisServer server, List<Door> doors) throws Exception {
    Map<String, Long> charged = new HashMap<>();
    try (Redis redis = Redis.connect(server.uri(), Admission.Bounds.DEFAULT)) {
      for (Door door : doors) {
        if (!charged.containsKey(door.tenant())) {
          tenant(redis, door.tenant(), Limit.TENANT_TOKENS_PER_DAY, A_LOT);
          charged.put(door.tenant(), charged(door));
        }
      }
    }
    return charged;
  }

  private long charged(Door door) throws Exception {
    List<Long> left = new ArrayList<>();
    Random random = new Random();
    Awaitility.await("two more jobs to come in")
        .atMost(READY)
        .until(
            () -> {
              HttpResponse<String> answer = send(random, request(door, "the same"));
              if (answer.statusCode() == 202) {
                left.add(remaining(answer, "tenant-tokens-day"));
              }
              return left.size() > 1;
            });
    long cost = left.get(left.size() - 2) - left.getLast();
    return A_LOT - left.getLast() - left.size() * cost;
  }
}
