package io.sluice.gateway;

import static io.sluice.Await.await;
import static io.sluice.gateway.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission.Level;
import io.sluice.Admission.Standing;
import io.sluice.Admission.Verdict;
import io.sluice.AuditEvent;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final Limits STANDARD =
      new Limits(
          Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 60L, Limit.TENANT_TOKENS_PER_MINUTE, 1_000L),
          Set.of(Limit.TENANT_TOKENS_PER_MINUTE));

  private final TestGateway sluice = new TestGateway(config -> config.standardLimits(STANDARD));

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_tenants_own_limits_go_before_the_standard() {
    await(
        sluice.tenants.put(
            new Tenant(
                "default", new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 5L), Set.of()))));
    sluice.submit();
    assertThat(sluice.store.limits.bounds())
        .containsEntry(Limit.TENANT_REQUESTS_PER_MINUTE, 5L)
        .containsEntry(Limit.TENANT_TOKENS_PER_MINUTE, 1_000L);
  }

  @Test
  void an_accepted_job_says_what_is_left_but_nothing_of_others_or_of_shadows() {
    stand(
        within(Limit.TENANT_REQUESTS_PER_MINUTE, 60, 12, 31_000),
        within(Limit.SESSION_TOKENS_PER_MINUTE, 500, 100, 360_000),
        within(Limit.TENANT_TOKENS_PER_MINUTE, 1_000, 1, 1_000),
        within(Limit.WAITING_JOBS, 100_000, 3, 1_000));
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("RateLimit-Policy"))
        .isEqualTo("\"tenant-requests\";q=60;w=60, \"session-tokens\";q=500;qu=\"tokens\";w=60");
    assertThat(answer.header("RateLimit"))
        .isEqualTo("\"tenant-requests\";r=12;t=31, \"session-tokens\";r=100;t=360");
    assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60");
    assertThat(answer.header("x-ratelimit-remaining-requests")).isEqualTo("12");
    assertThat(answer.header("x-ratelimit-reset-requests")).isEqualTo("31s");
    assertThat(answer.header("x-ratelimit-reset-tokens")).isEqualTo("6m0s");
  }

  @Test
  void a_refusal_names_every_exceeded_limit_and_waits_for_the_slowest() {
    stand(
        exceeded(Limit.TENANT_REQUESTS_PER_MINUTE, 60, Optional.of(Duration.ofMillis(2_500))),
        exceeded(Limit.SESSION_TOKENS_PER_MINUTE, 500, Optional.of(Duration.ofSeconds(7))),
        within(Limit.TENANT_TOKENS_PER_DAY, 9_000, 100, 80_000_000));
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.code()).isEqualTo("rate_limit_exceeded");
    assertThat(answer.header("Retry-After")).isEqualTo("7");
    assertThat(answer.header("RateLimit"))
        .isEqualTo("\"tenant-requests\";r=0;t=3, \"session-tokens\";r=0;t=7");
    assertThat(answer.json().path("violated_policies").toString())
        .isEqualTo("[\"tenant_requests_per_minute\",\"session_tokens_per_minute\"]");
    assertThat(sluice.queue.size()).isZero();
  }

  @Test
  void a_job_that_never_fits_is_422_with_the_bound_and_its_cost() {
    stand(exceeded(Limit.SESSION_TOKENS_PER_MINUTE, 500, Optional.empty()));
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("limit_never_fits");
    assertThat(answer.json().path("limit").asInt()).isEqualTo(500);
    assertThat(answer.json().path("cost").asInt()).isGreaterThan(4_096);
    assertThat(answer.header("Retry-After")).isEmpty();
  }

  @Test
  void breaches_are_counted_each_and_audited_once_a_minute() {
    stand(exceeded(Limit.TENANT_REQUESTS_PER_MINUTE, 60, Optional.of(Duration.ofMillis(2_500))));
    for (int i = 0; i < 3; i++) {
      sluice.post(chat("hi"));
    }
    assertThat(sluice.meters.scrape())
        .contains("sluice_limit_refused_total{limit=\"tenant_requests_per_minute\"} 3.0");
    assertThat(sluice.audit.events).hasSize(1);
    assertThat(sluice.audit.events.getFirst().action()).isEqualTo(AuditEvent.Action.LIMIT);
    assertThat(sluice.audit.events.getFirst().outcome()).isEqualTo(AuditEvent.Outcome.REFUSED);
    assertThat(sluice.audit.events.getFirst().tenant()).contains("default");
    assertThat(sluice.audit.events.getFirst().principal()).contains(Elsewhere.id(sluice.key));
    assertThat(sluice.audit.events.getFirst().address()).contains("127.0.0.1");
  }

  @Test
  void a_shadowed_breach_is_accepted_and_reported() {
    stand(
        new Level(
            Limit.TENANT_TOKENS_PER_MINUTE,
            1_000,
            0,
            Duration.ofSeconds(9),
            Verdict.SHADOWED,
            Optional.of(Duration.ofSeconds(9))));
    assertThat(sluice.post(chat("hi")).status()).isEqualTo(202);
    assertThat(sluice.meters.scrape())
        .contains("sluice_limit_shadowed_total{limit=\"tenant_tokens_per_minute\"} 1.0");
    assertThat(sluice.audit.events.getFirst().outcome()).isEqualTo(AuditEvent.Outcome.SHADOWED);
  }

  @Test
  void a_burst_is_held_back_before_it_is_published() {
    sluice.store.standing = new Standing(List.of(), Duration.ofMillis(300), 0.5);
    long before = System.nanoTime();
    assertThat(sluice.post(chat("hi")).status()).isEqualTo(202);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(250));
    assertThat(sluice.queue.size()).isEqualTo(1);
    assertThat(sluice.meters.scrape()).contains("sluice_smoothed_seconds_count 1");
  }

  @Test
  void pressure_is_a_gauge_and_audited_when_it_sets_in_and_when_it_ends_though_nobody_submits() {
    awaitGauge("0.0");
    sluice.store.standing = new Standing(List.of(), Duration.ZERO, 0.5);
    awaitGauge("0.5");
    sluice.store.standing = new Standing(List.of(), Duration.ZERO, 1.5);
    awaitGauge("1.5");
    sluice.store.standing = Standing.NONE;
    awaitGauge("0.0");
    assertThat(sluice.audit.events.stream().filter(LimitsTest::isPressure))
        .extracting(event -> event.details().get("state"))
        .containsSubsequence("begins", "ends")
        .hasSize(2 * 3);
  }

  @Test
  void a_refusal_under_pressure_is_counted_as_such() {
    stand(exceeded(Limit.TENANT_WAITING_JOBS, 5, Optional.of(Duration.ofSeconds(9))));
    sluice.post(chat("hi"));
    assertThat(sluice.meters.scrape()).doesNotContain("sluice_limit_refused_under_pressure_total");
    sluice.store.standing = new Standing(sluice.store.standing.levels(), Duration.ZERO, 0.7);
    Answer answer = sluice.post(chat("hi"));
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("9");
    assertThat(answer.json().path("limit").asInt()).isEqualTo(5);
    assertThat(answer.json().path("detail").asText()).endsWith("while jobs start late.");
    assertThat(sluice.meters.scrape())
        .contains("sluice_limit_refused_under_pressure_total{limit=\"tenant_waiting_jobs\"} 1.0");
  }

  /** Of every pool. */
  private void awaitGauge(String value) {
    List<String> lines =
        List.of(TestGateway.POOL, TestGateway.LARGE, TestGateway.OTHER).stream()
            .map(pool -> "sluice_admission_pressure{pool=\"" + pool + "\"} " + value)
            .toList();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(sluice.meters.scrape()).contains(lines));
  }

  private static boolean isPressure(AuditEvent event) {
    return event.action() == AuditEvent.Action.PRESSURE;
  }

  private void stand(Level... levels) {
    sluice.store.standing = new Standing(List.of(levels), Duration.ZERO, 0);
  }

  private static Level within(Limit limit, long bound, long remaining, long resetMs) {
    return new Level(
        limit,
        bound,
        remaining,
        Duration.ofMillis(resetMs),
        Verdict.WITHIN,
        Optional.of(Duration.ZERO));
  }

  private static Level exceeded(Limit limit, long bound, Optional<Duration> retryAfter) {
    return new Level(limit, bound, 0, Duration.ofSeconds(50), Verdict.EXCEEDED, retryAfter);
  }
}
