package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ApiKey;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobStore.Lookup;
import io.sluice.Lane;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.codec.Json;
import io.sluice.testservers.RedisServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redis stops: nothing is admitted, and soon said so. It comes back: every limit is as it was. */
class RedisStoppedTest {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStoppedTest.class);
  private static final Lane PROBED = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 0);
  private static final Lane READY = new Lane.Ready(TestGateway.POOL, JobClass.INTERACTIVE, 1);
  private static final int BOUND = 20;

  private final GatewaysOnRedis sluice =
      new GatewaysOnRedis(
          config -> Minted.ed25519(config).timing(TestGateway.timing(Duration.ofSeconds(15))));
  private final String key = sluice.key("team", ApiKey.ALL_SCOPES);

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void frozen_and_back() throws Exception {
    stopAndGoOn(RedisServer::suspend, RedisServer::resume);
  }

  @Test
  void killed_and_back() throws Exception {
    stopAndGoOn(RedisServer::kill9, RedisServer::restart);
  }

  private void stopAndGoOn(Consumer<RedisServer> stop, Consumer<RedisServer> start)
      throws Exception {
    limit();
    List<String> accepted = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      accepted.add(accepted(sluice.submit(i % 2, key)));
    }
    awaitMarked(accepted);
    String token = Json.parse(issue(0).join().body()).path("access_token").asText();

    stop.accept(sluice.server);
    assertAllUnavailable(accepted.getFirst(), token);
    // By now nobody remembers a key, a grant or a tenant.
    assertAllUnavailable(accepted.getFirst(), token);
    assertThat(inQueue()).as("nothing is admitted").containsExactlyInAnyOrderElementsOf(accepted);
    start.accept(sluice.server);
    sluice.awaitRedis();

    accepted.add(accepted(sluice.submit(1, key, "Idempotency-Key", "again")));
    awaitMarked(accepted);
    awaitListed(accepted);
    HttpResponse<String> answer = sluice.submit(0, key).join();
    while (answer.statusCode() == 202) {
      accepted.add(Json.parse(answer.body()).path("id").asText());
      answer = sluice.submit(accepted.size() % 2, key).join();
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(Json.parse(answer.body()).path("violated_policies"))
        .extracting(policy -> policy.asText())
        .containsExactlyInAnyOrder("tenant_tokens_per_day", "tenant_waiting_jobs");
    assertThat(accepted).as("none forgotten, none doubled").hasSize(BOUND);
    assertThat(inQueue()).containsExactlyInAnyOrderElementsOf(accepted);
  }

  /** Twenty jobs may wait, and the day's tokens are those of twenty. */
  private void limit() throws Exception {
    String probe = accepted(sluice.submit(0, sluice.key("probe", ApiKey.ALL_SCOPES)));
    Lookup.Found found = (Lookup.Found) await(sluice.redis(0).store().find(new JobId(probe)));
    sluice.queue.pull(PROBED);
    Limits limits =
        new Limits(
            Map.of(
                Limit.TENANT_WAITING_JOBS,
                (long) BOUND,
                Limit.TENANT_TOKENS_PER_DAY,
                (long) BOUND * found.record().job().tokensAtMost()),
            Set.of());
    await(sluice.redis(0).tenants().put(new Tenant("team", limits)));
  }

  private void assertAllUnavailable(String job, String token) {
    Map<String, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
    Map<String, Long> took = new ConcurrentHashMap<>();
    for (int which = 0; which < 2; which++) {
      for (String credential : List.of(key, token)) {
        String whose = " at " + which + " with " + credential.substring(0, 3);
        answers.put("POST /v1/jobs" + whose, sluice.submit(which, credential));
        for (String path : List.of("", "/" + job, "/" + job + "?wait=30", "/" + job + "/events")) {
          answers.put("GET /v1/jobs" + path + whose, get(which, "/v1/jobs" + path, credential));
        }
        answers.put(
            "DELETE /v1/jobs" + whose,
            sluice.send(authorized(which, "/v1/jobs/" + job, credential).DELETE()));
        answers.put("GET /admin/v1/keys" + whose, get(which, "/admin/v1/keys", credential));
      }
      answers.put("POST /oauth/token at " + which, issue(which));
      answers.put(
          "POST /oauth/revoke at " + which, sluice.form(which, "/oauth/revoke", "token=" + token));
      answers.put("GET /health/ready at " + which, get(which, "/health/ready", key));
    }
    answers.put("with a key", sluice.submit(0, key, "Idempotency-Key", "again"));
    long begun = System.nanoTime();
    answers.forEach(
        (what, answer) ->
            answer.thenRun(
                () -> took.put(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))));
    answers.forEach(
        (what, answer) ->
            assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join().statusCode())
                .as(what)
                .isEqualTo(503));
    LOG.info(
        "{} requests at once, each 503, the last after {} ms: {}",
        answers.size(),
        Collections.max(took.values()),
        took);
  }

  private HttpRequest.Builder authorized(int which, String path, String credential) {
    return sluice.to(which, path).header("Authorization", "Bearer " + credential);
  }

  private CompletableFuture<HttpResponse<String>> get(int which, String path, String credential) {
    return sluice.send(authorized(which, path, credential).GET());
  }

  private CompletableFuture<HttpResponse<String>> issue(int which) {
    return sluice.form(which, "/oauth/token", "grant_type=client_credentials&client_secret=" + key);
  }

  private static String accepted(CompletableFuture<HttpResponse<String>> answer) {
    assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(202);
    return Json.parse(answer.join().body()).path("id").asText();
  }

  private void awaitMarked(List<String> ids) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                ids.stream()
                    .map(id -> await(sluice.redis(0).store().find(new JobId(id))))
                    .allMatch(
                        it -> it instanceof Lookup.Found found && found.record().published()));
  }

  /** What was admitted without an answer is gone as if it had never been. */
  private void awaitListed(List<String> ids) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(Json.parse(get(0, "/v1/jobs", key).join().body()).path("data"))
                    .extracting(job -> job.path("id").asText())
                    .containsExactlyInAnyOrderElementsOf(ids));
  }

  private List<String> inQueue() {
    return sluice.queue.in(READY).stream().map(message -> message.job().id().value()).toList();
  }
}
