package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every request about a job is in the audit log: who, from where, which job, how it went. Breaches
 * of limits are told once, elsewhere: LimitsTest.
 */
class JobAuditTest {
  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  private List<AuditEvent> told(Action action) {
    return sluice.audit.events.stream().filter(event -> event.action() == action).toList();
  }

  private void assertWho(AuditEvent event) {
    assertThat(event.tenant()).contains("default");
    assertThat(event.principal()).hasValueSatisfying(key -> assertThat(sluice.key).contains(key));
    assertThat(event.address()).contains("127.0.0.1");
  }

  @Test
  void a_submission_is_told() {
    JobId id = sluice.submit();
    AuditEvent event = told(Action.JOB_SUBMIT).getFirst();
    assertWho(event);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.target()).contains(id.toString());
    assertThat(event.details()).containsEntry("pool", "qwen3:14b@8k").doesNotContainKey("replayed");
  }

  @Test
  void a_replay_is_told_as_one() {
    for (int n = 0; n < 2; n++) {
      sluice.post(TestGateway.chat("hello"), "Idempotency-Key", "k");
    }
    assertThat(told(Action.JOB_SUBMIT)).hasSize(2);
    assertThat(told(Action.JOB_SUBMIT).getLast().details()).containsEntry("replayed", "true");
  }

  @Test
  void replays_that_a_client_repeats_are_told_together() {
    for (int n = 0; n < 20; n++) {
      sluice.post(TestGateway.chat("hello"), "Idempotency-Key", "k");
      sluice.post(TestGateway.chat("another, longer one"), "Idempotency-Key", "l");
    }
    assertThat(told(Action.JOB_SUBMIT)).as("two submissions, and replays of both").hasSize(3);
  }

  @Test
  void cancelling_what_stops_already_is_told_together() {
    JobId id = sluice.submit();
    sluice.store.claim(id);
    for (int n = 0; n < 20; n++) {
      assertThat(sluice.delete("/v1/jobs/" + id).status()).isEqualTo(202);
    }
    assertThat(told(Action.JOB_CANCEL)).as("the change, and the first that was none").hasSize(2);
    assertThat(told(Action.JOB_CANCEL)).allMatch(event -> event.target().isPresent());
  }

  @Test
  void a_cancellation_that_the_store_does_not_answer_is_told_as_unknown() {
    JobId id = sluice.submit();
    sluice.store.slowness = Duration.ofMillis(1_000);
    assertThat(sluice.delete("/v1/jobs/" + id).status()).isEqualTo(503);
    assertThat(told(Action.JOB_CANCEL).getLast().outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void a_refused_submission_is_told_with_its_code_and_repeated_ones_together() {
    for (int n = 0; n < 20; n++) {
      assertThat(sluice.post("{\"model\":\"nobody\",\"prompt\":\"x\"}").status()).isEqualTo(404);
    }
    AuditEvent event = told(Action.JOB_SUBMIT).getFirst();
    assertWho(event);
    assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(event.details()).containsEntry("code", "model_not_found");
    assertThat(told(Action.JOB_SUBMIT)).hasSize(1);
  }

  @Test
  void a_cancellation_is_told() {
    JobId id = sluice.submit();
    sluice.delete("/v1/jobs/" + id);
    AuditEvent event = told(Action.JOB_CANCEL).getFirst();
    assertWho(event);
    assertThat(event.target()).contains(id.toString());
    assertThat(event.details()).containsEntry("state", "cancelled");
  }

  @Test
  void an_attempt_on_the_job_of_another_tenant_is_told_with_who_made_it() {
    JobId id = sluice.submit();
    String other = sluice.key("other", Set.of("ollama:chat"));
    assertThat(sluice.delete("/v1/jobs/" + id, "Authorization", "Bearer " + other).status())
        .isEqualTo(404);
    AuditEvent event = told(Action.JOB_CANCEL).getFirst();
    assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(event.tenant()).contains("other");
    assertThat(event.target()).contains(id.toString());
  }

  @Test
  void jobs_go_on_where_nothing_can_be_written_and_what_is_lost_is_counted() {
    sluice.audit.away = true;
    JobId id = sluice.submit();
    assertThat(sluice.delete("/v1/jobs/" + id).status()).isEqualTo(200);
    assertThat(sluice.meters.counter("sluice.audit.lost").count()).isEqualTo(2);
  }
}
