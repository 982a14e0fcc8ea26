package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ApiKey;
import io.sluice.codec.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing keys rotate every second on two gateways by turns, while clients with short tokens, made
 * by the one, show them to the other at once.
 */
class RotationUnderLoadTest {
  private static final Logger LOG = LoggerFactory.getLogger(RotationUnderLoadTest.class);
  private static final int CLIENTS = 20;
  private static final long REQUEST_NS = TimeUnit.SECONDS.toNanos(1) / 500;
  private static final long LENGTH_NS = TimeUnit.SECONDS.toNanos(20);
  private static final int UNDER_WAY_MAX = 200;

  private final GatewaysOnRedis sluice =
      new GatewaysOnRedis(config -> Minted.ed25519(config, Duration.ofSeconds(3)));
  private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
  private final Set<String> kids = new ConcurrentSkipListSet<>();
  private final Semaphore room = new Semaphore(UNDER_WAY_MAX);

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void while_signing_keys_rotate_no_good_request_is_refused() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(sluice.key("default", ApiKey.ALL_SCOPES), i));
    }
    long begun = System.nanoTime();
    int sent = 0;
    int rotated = 0;
    for (long at = 0; at < LENGTH_NS; at = System.nanoTime() - begun) {
      if (at >= TimeUnit.SECONDS.toNanos(rotated)) {
        sluice.gateway(rotated % 2).tokens().rotate();
        rotated++;
      }
      clients.get(sent % CLIENTS).next(sent);
      sent++;
      LockSupport.parkNanos(begun + sent * REQUEST_NS - System.nanoTime());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    assertThat(room.tryAcquire(UNDER_WAY_MAX, 30, TimeUnit.SECONDS)).isTrue();
    LOG.info(
        "{} requests in {} s, {} rotations, {} keys signed, answers: {}",
        sent,
        seconds,
        rotated,
        kids.size(),
        answers);
    assertThat(answers.keySet()).containsExactly("renew 200", "use 200");
    assertThat(kids).as("keys that signed").hasSizeGreaterThan(5);
  }

  private static String ending(HttpResponse<String> answer) {
    String code =
        answer.statusCode() == 200 ? "" : " " + Json.parse(answer.body()).path("code").asText();
    return answer.statusCode() + code;
  }

  private void count(String what, HttpResponse<String> answer, Throwable error) {
    String ending = error == null ? ending(answer) : error.toString();
    answers.computeIfAbsent(what + " " + ending, first -> new AtomicInteger()).incrementAndGet();
    room.release();
  }

  /** Renews its token every second or so, at one gateway or the other, and uses it at both. */
  private final class Client {
    private static final int USES = 25;

    private final String key;
    private final int number;
    private volatile String token = "";
    private int uses;

    Client(String key, int number) throws Exception {
      this.key = key;
      this.number = number;
      renew(number).get(30, TimeUnit.SECONDS);
      room.release();
    }

    void next(int turn) throws InterruptedException {
      if (++uses % USES == number) {
        // The other gateway sees the new token first.
        renew(turn).whenComplete((renewed, error) -> use(turn + 1));
      } else {
        room.acquire();
        use(turn);
      }
    }

    private CompletableFuture<Void> renew(int turn) throws InterruptedException {
      room.acquire(2);
      return sluice
          .form(turn % 2, "/oauth/token", "grant_type=client_credentials&client_secret=" + key)
          .whenComplete((answer, error) -> count("renew", answer, error))
          .thenAccept(this::take);
    }

    private CompletableFuture<Void> use(int turn) {
      return sluice
          .send(
              sluice
                  .to(turn % 2, "/v1/jobs?limit=1")
                  .header("Authorization", "Bearer " + token)
                  .GET())
          .whenComplete((answer, error) -> count("use", answer, error))
          .thenAccept(answer -> {});
    }

    private void take(HttpResponse<String> answer) {
      if (answer.statusCode() != 200) {
        return;
      }
      token = Json.parse(answer.body()).path("access_token").asText();
      byte[] header = Base64.getUrlDecoder().decode(token.split("\\.")[0]);
      kids.add(Json.parse(new String(header, StandardCharsets.UTF_8)).path("kid").asText());
    }
  }
}
