package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent.Action;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens from their issue to their end. */
class GrantsTest {
  private final TestGateway sluice = new TestGateway(Minted::configured);

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_key_buys_a_token_that_works_and_is_worth_nothing_without_the_key() {
    Answer answer = Minted.issue(sluice);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.json().path("expires_in").asInt()).isEqualTo(900);
    String token = answer.json().path("access_token").asText();
    assertThat(Minted.use(sluice, token).status()).isEqualTo(200);
    await(sluice.directory.revoke(ApiKeys.parse(sluice.key).orElseThrow().id(), Instant.now()));
    eventuallyRefused(token);
    assertThat(Minted.issue(sluice).status()).isEqualTo(401);
  }

  @Test
  void scopes_only_shrink() {
    String start = "grant_type=client_credentials&client_secret=" + sluice.key + "&scope=";
    Answer narrow = Minted.form(sluice, "/oauth/token", start + "batch");
    assertThat(narrow.json().path("scope").asText()).isEqualTo("batch");
    String refresh = narrow.json().path("refresh_token").asText();
    Answer wider =
        Minted.form(
            sluice,
            "/oauth/token",
            "grant_type=refresh_token&scope=admin&refresh_token=" + refresh);
    assertThat(wider.json().path("error").asText()).isEqualTo("invalid_scope");
    String weak = sluice.key("default", Set.of("batch"));
    Answer more =
        Minted.form(
            sluice,
            "/oauth/token",
            "grant_type=client_credentials&scope=admin&client_secret=" + weak);
    assertThat(more.json().path("error").asText()).isEqualTo("invalid_scope");
    assertThat(sluice.audit.events)
        .filteredOn(event -> event.action() == Action.AUTHORIZE)
        .extracting(event -> event.principal().orElseThrow())
        .containsExactly(Elsewhere.id(sluice.key), Elsewhere.id(weak));
  }

  @Test
  void an_honest_retry_gets_the_same_successor() {
    String first = refreshToken(Minted.issue(sluice));
    String second = refreshToken(Minted.refresh(sluice, first));
    assertThat(refreshToken(Minted.refresh(sluice, first))).isEqualTo(second);
    assertThat(Minted.refresh(sluice, second).status()).isEqualTo(200);
  }

  @Test
  void a_used_refresh_token_ends_its_family_and_is_audited() {
    Answer issued = Minted.issue(sluice);
    String first = refreshToken(issued);
    Answer next = Minted.refresh(sluice, first);
    String second = refreshToken(next);
    String third = refreshToken(Minted.refresh(sluice, second));
    Answer reused = Minted.refresh(sluice, first);
    assertThat(reused.status()).isEqualTo(400);
    assertThat(reused.json().path("error").asText()).isEqualTo("invalid_grant");
    assertThat(sluice.audit.events).anyMatch(event -> event.action() == Action.TOKEN_REUSE);
    assertThat(sluice.get("/metrics").body())
        .contains("sluice_tokens_total{event=\"token_reuse\"} 1.0")
        .contains("sluice_tokens_total{event=\"token_refresh\"} 2.0")
        .contains("sluice_token_keys 1.0")
        .contains("sluice_token_signing_key_age_seconds ");
    assertThat(Minted.refresh(sluice, third).status()).isEqualTo(400);
    eventuallyRefused(issued.json().path("access_token").asText());
    eventuallyRefused(next.json().path("access_token").asText());
  }

  @Test
  void another_client_that_shows_a_refresh_token_ends_its_family() {
    String first = refreshToken(Minted.issue(sluice));
    String other = sluice.key("other", Set.of("batch"));
    Answer stolen =
        Minted.form(
            sluice,
            "/oauth/token",
            "grant_type=refresh_token&client_secret=" + other + "&refresh_token=" + first);
    assertThat(stolen.json().path("error").asText()).isEqualTo("invalid_grant");
    assertThat(Minted.refresh(sluice, first).status()).isEqualTo(400);
  }

  @Test
  void a_revoked_token_is_refused_within_the_second() {
    Answer issued = Minted.issue(sluice);
    String token = issued.json().path("access_token").asText();
    assertThat(Minted.form(sluice, "/oauth/revoke", "token=" + token).status()).isEqualTo(200);
    eventuallyRefused(token);
    String next = Minted.refresh(sluice, refreshToken(issued)).json().path("access_token").asText();
    assertThat(Minted.use(sluice, next).status()).as("only itself").isEqualTo(200);
  }

  @Test
  void rotation_under_load_refuses_no_good_request() throws Exception {
    Set<String> kids = new TreeSet<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 3; round++) {
        String token = Minted.issue(sluice).json().path("access_token").asText();
        String rotated = await(sluice.gateway.tokens().rotate()).kid();
        List<Future<Integer>> uses =
            IntStream.range(0, 200)
                .mapToObj(i -> clients.submit(() -> Minted.use(sluice, token).status()))
                .toList();
        for (Future<Integer> use : uses) {
          assertThat(use.get()).isEqualTo(200);
        }
        Awaitility.await()
            .pollInterval(Duration.ofMillis(500))
            .atMost(Duration.ofSeconds(20))
            .until(() -> kid(Minted.issue(sluice)).equals(rotated));
        kids.add(rotated);
        assertThat(Minted.use(sluice, token).status())
            .as("the old key still counts")
            .isEqualTo(200);
      }
    }
    assertThat(kids).hasSize(3);
    String published = sluice.get("/.well-known/jwks.json").body();
    assertThat(kids).allMatch(published::contains);
    assertThat(published).doesNotContain("\"d\"").doesNotContain("oct");
  }

  @Test
  void a_key_that_another_gateway_added_this_moment_is_known_to_all_who_show_its_tokens() {
    String token =
        Minted.hs256(
            "{\"alg\":\"HS256\",\"kid\":\"" + Minted.TENANT_KID + "\"}",
            Minted.claims(0, 60, ""),
            Minted.TENANT_SECRET);
    assertThat(Minted.use(sluice, token).status()).as("which made it look").isEqualTo(401);
    await(sluice.tokenKeys.add(Minted.tenantKey("default")));
    List<CompletableFuture<HttpResponse<Void>>> uses =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    sluice
                        .client()
                        .sendAsync(
                            sluice.request(
                                "GET", "/v1/jobs", "", "Authorization", "Bearer " + token),
                            HttpResponse.BodyHandlers.discarding()))
            .toList();
    assertThat(uses).extracting(use -> use.join().statusCode()).containsOnly(200);
  }

  @Test
  void tokens_of_a_revoked_signing_key_are_refused() {
    Answer issued = Minted.issue(sluice);
    await(sluice.tokenKeys.revoke(kid(issued), Instant.now()));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> Minted.use(sluice, issued.json().path("access_token").asText()).status() == 401);
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !kid(Minted.issue(sluice)).equals(kid(issued)));
  }

  @Test
  void ed25519_signs_too() {
    try (TestGateway other = new TestGateway(Minted::ed25519)) {
      String token = Minted.issue(other).json().path("access_token").asText();
      assertThat(Minted.use(other, token).status()).isEqualTo(200);
      assertThat(Minted.use(sluice, token).status()).as("of another ring").isEqualTo(401);
    }
  }

  @Test
  void where_the_endpoints_are_is_for_no_cache_unless_the_issuer_says_it() {
    String path = "/.well-known/oauth-authorization-server";
    assertThat(sluice.get(path).header("Cache-Control")).isEqualTo("no-store");
    try (TestGateway named =
        new TestGateway(config -> Minted.named(Minted.ed25519(config), "https://sluice.example"))) {
      Answer answer = named.get(path);
      assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=60");
      assertThat(answer.json().path("token_endpoint").asText())
          .isEqualTo("https://sluice.example/oauth/token");
    }
  }

  private void eventuallyRefused(String token) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Minted.use(sluice, token).status() == 401);
  }

  private static String refreshToken(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("refresh_token").asText();
  }

  private static String kid(Answer issued) {
    String head = issued.json().path("access_token").asText().split("\\.")[0];
    byte[] json = java.util.Base64.getUrlDecoder().decode(head);
    return io.sluice.codec.Json.parse(new String(json, java.nio.charset.StandardCharsets.UTF_8))
        .path("kid")
        .asText();
  }
}
