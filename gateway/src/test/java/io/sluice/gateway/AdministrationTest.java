package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.Fleet.Wish;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /admin/v1}: who may, what it does, and that all of it is written down. */
class AdministrationTest {
  private static final Limits STANDARD =
      new Limits(Map.of(Limit.TENANT_TOKENS_PER_DAY, 1_000L), Set.of());

  private final TestGateway sluice =
      new TestGateway(config -> Minted.ed25519(config).standardLimits(STANDARD));

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void only_the_scope_admin_opens_it_and_nothing_like_it() {
    List<String> keys = new ArrayList<>();
    for (String scope :
        List.of("batch", "admin2", "Admin", "admin:read", "ollama:admin", " admin")) {
      keys.add(sluice.key("default", Set.of(scope)));
    }
    for (Routes.Endpoint endpoint : sluice.gateway.endpoints()) {
      if (!endpoint.path().startsWith("/admin/")) {
        continue;
      }
      String path = endpoint.path().replaceAll(":[a-z]+", "x");
      String method = endpoint.method().name();
      assertThat(sluice.json(method, path, "{}", "Authorization", "").status()).isEqualTo(401);
      for (String key : keys) {
        Answer answer = sluice.json(method, path, "{}", "Authorization", "Bearer " + key);
        assertThat(answer.status()).as(method + " " + path).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("insufficient_scope");
      }
      assertThat(last(Action.AUTHORIZE).target()).contains(method + " " + endpoint.path());
    }
    assertThat(last(Action.AUTHORIZE).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last(Action.AUTHORIZE).principal()).contains(id(keys.getLast()));
    assertThat(sluice.get("/admin/v1/nothing").status()).isEqualTo(404);
    assertThat(sluice.get("/admin/v1/nothing", "Authorization", "").status()).isEqualTo(401);
  }

  @Test
  void a_key_is_shown_once_works_and_is_worth_nothing_when_it_was_revoked() {
    Answer made = sluice.json("POST", "/admin/v1/keys", key("acme", "ollama:chat", "batch"));
    assertThat(made.status()).isEqualTo(201);
    String text = made.json().path("key").asText();
    String path = "/admin/v1/keys/" + id(text);
    assertThat(made.header("Location")).isEqualTo(path);
    assertThat(use(text)).isEqualTo(200);
    JsonNode shown = sluice.get(path).json();
    assertThat(shown.path("tenant").asText()).isEqualTo("acme");
    assertThat(shown.path("scopes")).hasSize(2);
    assertThat(shown.has("key")).isFalse();
    assertThat(sluice.get("/admin/v1/keys").body()).doesNotContain(text).doesNotContain("hash");
    assertThat(sluice.delete(path).json().path("revoked_at").isTextual()).isTrue();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> use(text) == 401);
    assertThat(sluice.delete(path).status()).as("again").isEqualTo(200);
    assertThat(sluice.delete("/admin/v1/keys/none").code()).isEqualTo("key_not_found");
  }

  @Test
  void a_key_is_bound_to_ranges_and_a_life() {
    JsonNode key =
        sluice
            .json(
                "POST",
                "/admin/v1/keys",
                """
                {"tenant":"a","scopes":["batch"],"ranges":["10.0.0.0/8","2001:DB8::/32"],
                 "expires_at":"2031-01-01T00:00:00Z"}
                """)
            .json();
    assertThat(key.path("ranges").toString()).isEqualTo("[\"10.0.0.0/8\",\"2001:db8::/32\"]");
    assertThat(key.path("expires_at").asText()).isEqualTo("2031-01-01T00:00:00Z");
    JsonNode standard = sluice.json("POST", "/admin/v1/keys", key("a", "batch")).json();
    Duration life =
        Duration.between(
            Instant.parse(standard.path("created_at").asText()),
            Instant.parse(standard.path("expires_at").asText()));
    assertThat(life).isEqualTo(Duration.ofDays(90));
    String start = "{\"tenant\":\"a\",\"scopes\":[\"batch\"],";
    JsonNode ever =
        sluice.json("POST", "/admin/v1/keys", start + "\"expires_in\":\"never\"}").json();
    assertThat(ever.path("expires_at").isNull()).isTrue();
    Map<String, String> wrong =
        Map.of(
            "\"ranges\":[]", "/ranges",
            "\"ranges\":[\"10.0.0.0/33\"]", "/ranges",
            "\"expires_in\":\"0d\"", "/expires_in",
            "\"expires_in\":\"4000d\"", "/expires_in",
            "\"expires_at\":\"2001-01-01T00:00:00Z\"", "/expires_at",
            "\"expires_at\":\"2031-01-01T00:00:00Z\",\"expires_in\":\"1d\"", "/expires_at");
    wrong.forEach(
        (fields, pointer) ->
            assertThat(pointers(sluice.json("POST", "/admin/v1/keys", start + fields + "}")))
                .as(fields)
                .containsExactly(pointer));
    Answer secret =
        sluice.json("POST", "/admin/v1/token-keys", "{\"tenant\":\"a\",\"expires_in\":\"never\"}");
    assertThat(pointers(secret)).containsExactly("/expires_in");
  }

  @Test
  void nobody_makes_a_key_with_more_than_its_own_scopes() {
    String admin = "Bearer " + sluice.key("default", Set.of("admin"));
    Answer more =
        sluice.json("POST", "/admin/v1/keys", key("a", "admin", "batch"), "Authorization", admin);
    assertThat(more.status()).isEqualTo(403);
    assertThat(more.body()).contains("lacks the scope batch");
    Answer same = sluice.json("POST", "/admin/v1/keys", key("a", "admin"), "Authorization", admin);
    assertThat(same.status()).isEqualTo(201);
    Answer secret =
        sluice.json("POST", "/admin/v1/token-keys", "{\"tenant\":\"a\"}", "Authorization", admin);
    assertThat(secret.status()).as("its holder could mint any scope but admin").isEqualTo(403);
  }

  @Test
  void an_access_token_makes_nothing_that_outlives_it() {
    String token = "Bearer " + Minted.issue(sluice).json().path("access_token").asText();
    for (String path : List.of("/admin/v1/keys", "/admin/v1/token-keys")) {
      Answer answer = sluice.json("POST", path, key("a", "admin"), "Authorization", token);
      assertThat(answer.status()).as(path).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("forbidden");
      assertThat(answer.body()).contains("Show the API key itself");
    }
    assertThat(last(Action.KEY_CREATE).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last(Action.KEY_CREATE).principal()).contains(id(sluice.key));
    assertThat(sluice.get("/admin/v1/keys", "Authorization", token).status()).isEqualTo(200);
  }

  @Test
  void everything_that_is_wrong_with_a_body_is_told_at_once() {
    Answer keys =
        sluice.json("POST", "/admin/v1/keys", "{\"tenant\":\"-\",\"scopes\":[\"root\",1],\"x\":1}");
    assertThat(keys.status()).isEqualTo(422);
    assertThat(pointers(keys)).contains("/tenant", "/scopes", "/scopes/1", "/x");
    Answer limits =
        sluice.json(
            "PUT",
            "/admin/v1/tenants/acme",
            """
            {"limits":{"speed":3,"tenant_tokens_per_day":0,"waiting_jobs":1,
             "tenant_requests_per_minute":null},"shadow":["none"],"weight":1001,"note":"x"}
            """);
    assertThat(pointers(limits))
        .containsExactlyInAnyOrder(
            "/limits/speed",
            "/limits/tenant_tokens_per_day",
            "/limits/waiting_jobs",
            "/limits/tenant_requests_per_minute",
            "/shadow",
            "/weight",
            "/note");
    assertThat(sluice.get("/admin/v1/tenants/acme").code()).isEqualTo("tenant_not_found");
  }

  @Test
  void a_tenants_limits_are_set_shown_with_the_standard_and_go_by_at_once() {
    String key = sluice.key("acme", Set.of("ollama:chat"));
    JsonNode before = sluice.get("/admin/v1/tenants/acme").json();
    assertThat(before.path("limits")).isEmpty();
    assertThat(before.path("effective").path("limits").path("tenant_tokens_per_day").asInt())
        .isEqualTo(1_000);
    JsonNode after =
        sluice
            .json(
                "PUT",
                "/admin/v1/tenants/acme",
                "{\"limits\":{\"tenant_requests_per_minute\":7},\"shadow\":[\"tenant_tokens_per_day\"]}")
            .json();
    assertThat(after).isEqualTo(sluice.get("/admin/v1/tenants/acme").json());
    assertThat(after.path("limits").path("tenant_requests_per_minute").asInt()).isEqualTo(7);
    assertThat(after.path("effective").path("limits")).hasSize(2);
    assertThat(after.path("effective").path("shadow").get(0).asText())
        .isEqualTo("tenant_tokens_per_day");
    assertThat(key).isNotEmpty();
    assertThat(sluice.delete("/admin/v1/tenants/acme").status()).isEqualTo(204);
    assertThat(sluice.get("/admin/v1/tenants/acme").json()).isEqualTo(before);
    assertThat(last(Action.TENANT_REMOVE).details())
        .containsEntry("before", "tenant_requests_per_minute=7 shadow:tenant_tokens_per_day");
  }

  @Test
  void a_tenants_weight_is_set_and_stays_where_the_body_names_none() {
    String path = "/admin/v1/tenants/acme";
    Answer set = sluice.json("PUT", path, "{\"limits\":{},\"weight\":3}");
    assertThat(set.json().path("weight").asInt()).isEqualTo(3);
    assertThat(last(Action.TENANT_CHANGE).details())
        .containsEntry("before", "unset")
        .containsEntry("after", "weight=3");
    sluice.json("PUT", path, "{\"limits\":{\"tenant_waiting_jobs\":5}}");
    assertThat(sluice.get(path).json().path("weight").asInt()).isEqualTo(3);
    assertThat(sluice.get("/admin/v1/tenants").json().at("/data").toString())
        .contains("\"weight\":3");
  }

  @Test
  void a_worker_is_drained_and_resumed_and_both_are_written_down() {
    String path = "/admin/v1/workers/gpu-1-a";
    assertThat(sluice.get(path).code()).isEqualTo("worker_not_found");
    heard("gpu-1-b");
    heard("gpu-1-a");
    JsonNode all = sluice.get("/admin/v1/workers").json().path("data");
    assertThat(all)
        .extracting(one -> one.path("id").asText())
        .containsExactly("gpu-1-a", "gpu-1-b");
    JsonNode worker = sluice.get(path).json();
    assertThat(worker.path("state").asText()).isEqualTo("serving");
    assertThat(worker.path("slots").asInt()).isEqualTo(4);
    assertThat(worker.path("busy").asInt()).isEqualTo(2);
    assertThat(worker.path("jobs").asInt()).isEqualTo(3);
    assertThat(worker.path("wish").isNull()).isTrue();

    Answer drained = sluice.send("POST", path + "/drain?within=30", "");
    assertThat(drained.status()).isEqualTo(202);
    assertThat(drained.json().path("wish").asText()).isEqualTo("drain");
    assertThat(drained.json().path("drain_within_seconds").asInt()).isEqualTo(30);
    assertThat(heard("gpu-1-a")).contains(new Wish.Drain(Duration.ofSeconds(30)));
    assertThat(heard("gpu-1-b")).isEmpty();
    assertThat(last(Action.WORKER_DRAIN).target()).contains("gpu-1-a");
    assertThat(last(Action.WORKER_DRAIN).details()).containsEntry("within", "30s");

    assertThat(sluice.send("POST", path + "/resume", "").status()).isEqualTo(202);
    assertThat(heard("gpu-1-a")).contains(new Wish.Serve());
    assertThat(last(Action.WORKER_RESUME).outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void what_cannot_be_wished_of_a_worker_is_refused_and_nothing_changes() {
    heard("w");
    for (String query : List.of("within=-1", "within=3601", "within=1m", "within=1&within=2")) {
      assertThat(sluice.send("POST", "/admin/v1/workers/w/drain?" + query, "").status())
          .as(query)
          .isEqualTo(400);
    }
    sluice.audit.away = true;
    assertThat(sluice.send("POST", "/admin/v1/workers/w/drain", "").code())
        .isEqualTo("audit_unavailable");
    sluice.audit.away = false;
    assertThat(sluice.send("POST", "/admin/v1/workers/x/drain", "").status()).isEqualTo(404);
    assertThat(heard("w")).isEmpty();
  }

  private Optional<Wish> heard(String id) {
    return await(
        sluice.fleet.announce(MemoryFleet.serving(id, TestGateway.POOL), Duration.ofMinutes(1)));
  }

  @Test
  void lists_are_read_page_by_page() {
    for (int i = 0; i < 5; i++) {
      sluice.key("t" + i, Set.of("batch"));
    }
    for (String list : List.of("keys", "tenants")) {
      List<String> seen = new ArrayList<>();
      String after = "";
      for (boolean more = true; more; ) {
        JsonNode page = sluice.get("/admin/v1/" + list + "?limit=2" + after).json();
        page.path("data")
            .forEach(one -> seen.add(one.path(list.equals("keys") ? "id" : "name").asText()));
        more = page.path("has_more").asBoolean();
        assertThat(page.path("next").isTextual()).isEqualTo(more);
        after = "&after=" + page.path("next").asText();
      }
      assertThat(seen).as(list).hasSize(6).doesNotHaveDuplicates();
    }
    assertThat(sluice.get("/admin/v1/keys?tenant=t3").json().path("data")).hasSize(1);
    assertThat(sluice.get("/admin/v1/keys?after=gone").status()).isEqualTo(400);
  }

  @Test
  void a_tenant_mints_its_own_tokens_with_a_secret_that_was_made_or_registered() {
    JsonNode made = sluice.json("POST", "/admin/v1/token-keys", "{\"tenant\":\"acme\"}").json();
    byte[] secret = Base64.getDecoder().decode(made.path("secret").asText());
    String kid = made.path("kid").asText();
    assertThat(use(minted(kid, secret))).isEqualTo(200);
    byte[] own = "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
    Answer registered =
        sluice.json(
            "POST",
            "/admin/v1/token-keys",
            "{\"tenant\":\"acme\",\"secret\":\"" + Base64.getEncoder().encodeToString(own) + "\"}");
    assertThat(registered.status()).as(registered.body()).isEqualTo(201);
    assertThat(registered.json().has("secret")).isFalse();
    assertThat(use(minted(registered.json().path("kid").asText(), own))).isEqualTo(200);
    Answer revoked = sluice.delete("/admin/v1/token-keys/" + kid);
    assertThat(revoked.json().path("state").asText()).isEqualTo("revoked");
    assertThat(use(minted(kid, secret))).as("at once on this gateway").isEqualTo(401);
    assertThat(sluice.audit.events.toString())
        .doesNotContain(made.path("secret").asText())
        .contains("sha256:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2VjcmV0",
        "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=",
        "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dQ==",
        "Y29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZSAxMjM=",
        "cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ=",
        "not base64!"
      })
  void a_weak_secret_is_refused_and_not_repeated(String secret) {
    Answer answer =
        sluice.json(
            "POST", "/admin/v1/token-keys", "{\"tenant\":\"acme\",\"secret\":\"" + secret + "\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(pointers(answer)).containsExactly("/secret");
    assertThat(answer.body()).contains("openssl rand").doesNotContain(secret);
  }

  @Test
  void a_signing_key_is_rotated_and_the_old_one_is_taken_until_it_is_revoked() {
    String token = Minted.issue(sluice).json().path("access_token").asText();
    Answer rotated = sluice.json("POST", "/admin/v1/token-keys/rotate", "");
    assertThat(rotated.json().path("state").asText()).isEqualTo("next");
    JsonNode all = sluice.get("/admin/v1/token-keys").json().path("data");
    assertThat(all).hasSize(2);
    assertThat(all.get(0)).isEqualTo(rotated.json());
    assertThat(all.get(1).path("state").asText()).isEqualTo("signing");
    assertThat(all.toString()).doesNotContain("sealed");
    assertThat(use(token)).isEqualTo(200);
    sluice.delete("/admin/v1/token-keys/" + all.get(1).path("kid").asText());
    assertThat(use(token)).isEqualTo(401);
  }

  @Test
  void what_is_changed_is_written_down_before_and_after_with_who_and_from_where() {
    sluice.json("PUT", "/admin/v1/tenants/acme", "{\"limits\":{\"tenant_tokens_per_day\":5}}");
    sluice.json("PUT", "/admin/v1/tenants/acme", "{\"limits\":{\"tenant_tokens_per_day\":6}}");
    List<AuditEvent> changes =
        sluice.audit.events.stream().filter(it -> it.action() == Action.TENANT_CHANGE).toList();
    assertThat(changes)
        .extracting(AuditEvent::outcome)
        .containsExactly(Outcome.BEGUN, Outcome.SUCCESS, Outcome.BEGUN, Outcome.SUCCESS);
    assertThat(changes.getLast().details())
        .containsEntry("before", "tenant_tokens_per_day=5")
        .containsEntry("after", "tenant_tokens_per_day=6")
        .containsEntry("by_tenant", "default");
    assertThat(changes).allMatch(it -> it.tenant().orElse("").equals("acme"));
    assertThat(changes).allMatch(it -> it.target().orElse("").equals("acme"));
    assertThat(changes).allMatch(it -> it.principal().orElse("").equals(id(sluice.key)));
    assertThat(changes).allMatch(it -> it.address().orElse("").equals("127.0.0.1"));
    sluice.json("PUT", "/admin/v1/tenants/acme", "{}");
    assertThat(last(Action.TENANT_CHANGE).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last(Action.TENANT_CHANGE).details()).containsEntry("cause", "invalid_request");
    sluice.get("/admin/v1/tenants");
    assertThat(last(Action.ADMIN_READ).target()).contains("tenants");
  }

  @Test
  void what_cannot_be_written_down_is_not_done() {
    String other = sluice.key("acme", Set.of("batch"));
    String kid = sluice.get("/admin/v1/token-keys").json().path("data").get(0).path("kid").asText();
    sluice.audit.away = true;
    List<Answer> answers =
        List.of(
            sluice.json("POST", "/admin/v1/keys", key("acme", "batch")),
            sluice.delete("/admin/v1/keys/" + id(other)),
            sluice.json("PUT", "/admin/v1/tenants/acme", "{\"limits\":{}}"),
            sluice.json("POST", "/admin/v1/token-keys", "{\"tenant\":\"acme\"}"),
            sluice.json("POST", "/admin/v1/token-keys/rotate", ""),
            sluice.delete("/admin/v1/token-keys/" + kid),
            sluice.get("/admin/v1/audit"));
    sluice.audit.away = false;
    assertThat(answers).allMatch(it -> it.status() == 503);
    assertThat(answers.subList(0, 6)).allMatch(it -> it.code().equals("audit_unavailable"));
    assertThat(use(other)).isEqualTo(200);
    assertThat(sluice.get("/admin/v1/keys").json().path("data")).hasSize(2);
    assertThat(sluice.get("/admin/v1/token-keys").json().path("data")).hasSize(1);
    assertThat(sluice.get("/admin/v1/tenants/acme").json().path("limits")).isEmpty();
  }

  @Test
  void a_change_of_which_no_answer_came_is_told_as_unknown() {
    sluice.tenants.hangs = true;
    assertThat(sluice.json("PUT", "/admin/v1/tenants/acme", "{\"limits\":{}}").status())
        .isEqualTo(503);
    assertThat(last(Action.TENANT_CHANGE).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void a_search_of_the_audit_log_may_take_longer_than_the_calls_of_a_request() {
    sluice.audit.slowness = Duration.ofSeconds(2);
    assertThat(sluice.get("/admin/v1/audit").status()).isEqualTo(200);
    sluice.audit.slowness = Duration.ofSeconds(30);
    Answer late = sluice.get("/admin/v1/audit");
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.code()).isEqualTo("audit_unavailable");
    assertThat(late.body()).contains("since");
  }

  @Test
  void the_audit_log_is_searched_and_the_search_is_in_it() {
    sluice.json("POST", "/admin/v1/keys", key("acme", "batch"));
    JsonNode found = sluice.get("/admin/v1/audit?action=key_create").json().path("data");
    assertThat(found).hasSize(2);
    assertThat(found.get(0).path("outcome").asText()).isEqualTo("success");
    assertThat(found.get(0).path("tenant").asText()).isEqualTo("acme");
    assertThat(last(Action.AUDIT_READ).outcome()).isEqualTo(Outcome.SUCCESS);
    for (String wrong : List.of("action=x", "outcome=x", "since=x", "limit=0", "limit=1001")) {
      assertThat(sluice.get("/admin/v1/audit?" + wrong).status()).as(wrong).isEqualTo(400);
    }
  }

  private AuditEvent last(Action action) {
    return sluice.audit.events.reversed().stream()
        .filter(event -> event.action() == action)
        .findFirst()
        .orElseThrow();
  }

  private int use(String credential) {
    return sluice.get("/v1/jobs", "Authorization", "Bearer " + credential).status();
  }

  private static String minted(String kid, byte[] secret) {
    String header = "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}";
    return Minted.hs256(header, Minted.claims(0, 60, ""), secret);
  }

  private static String key(String tenant, String... scopes) {
    return "{\"tenant\":\"" + tenant + "\",\"scopes\":[\"" + String.join("\",\"", scopes) + "\"]}";
  }

  private static String id(String key) {
    return ApiKeys.parse(key).orElseThrow().id();
  }

  private static List<String> pointers(Answer answer) {
    List<String> pointers = new ArrayList<>();
    answer.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asText()));
    return pointers;
  }
}
