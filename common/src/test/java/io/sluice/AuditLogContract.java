package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link AuditLog} keeps. */
public abstract class AuditLogContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

  protected abstract AuditLog log();

  public static AuditLog.Query everything() {
    return new AuditLog.Query(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1_000);
  }

  private static AuditEvent event(Instant at) {
    return AuditEvent.of(at, Action.KEY_CREATE, Outcome.SUCCESS);
  }

  @Test
  void an_event_is_found_as_it_was_appended() {
    AuditEvent full =
        event(NOON)
            .tenant("acme")
            .principal("os:anna")
            .address("2001:db8::1")
            .target("key_1")
            .detail("scopes", "admin batch")
            .detail("a", "\u00fc\ud83d\ude00 \"quoted\" \\ / \t");
    AuditEvent bare = AuditEvent.of(NOON.plusSeconds(1), Action.PROCESS_STOP, Outcome.FAILED);
    await(log().append(full));
    await(log().append(bare));
    assertThat(await(log().search(everything()))).containsExactly(bare, full);
  }

  @Test
  void the_newest_come_first_and_no_more_than_asked_for() {
    List<Future<Void>> all =
        IntStream.range(0, 50).mapToObj(n -> log().append(event(NOON.plusSeconds(n)))).toList();
    all.forEach(Await::await);
    AuditLog.Query three =
        new AuditLog.Query(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            3);
    assertThat(await(log().search(three)).stream().map(AuditEvent::at))
        .containsExactly(NOON.plusSeconds(49), NOON.plusSeconds(48), NOON.plusSeconds(47));
  }

  @Test
  void each_part_of_a_query_narrows_it_and_matches_whole_values_only() {
    AuditEvent one =
        event(NOON).tenant("acme").principal("key1").address("10.0.0.1").target("job_1");
    List<AuditEvent> others = new ArrayList<>();
    others.add(one.tenant("acme2"));
    others.add(one.principal("key"));
    others.add(one.address("10.0.0.11"));
    others.add(one.target("job_"));
    others.add(
        new AuditEvent(
            NOON,
            Action.KEY_REVOKE,
            Outcome.SUCCESS,
            one.tenant(),
            one.principal(),
            one.address(),
            one.target(),
            Map.of("tenant", "acme")));
    others.add(
        new AuditEvent(
            NOON,
            Action.KEY_CREATE,
            Outcome.REFUSED,
            one.tenant(),
            one.principal(),
            one.address(),
            one.target(),
            Map.of()));
    await(log().append(one));
    others.forEach(other -> await(log().append(other)));

    AuditLog.Query exact =
        new AuditLog.Query(
            one.tenant(),
            one.principal(),
            one.address(),
            one.target(),
            Optional.of(Action.KEY_CREATE),
            Optional.of(Outcome.SUCCESS),
            Optional.empty(),
            Optional.empty(),
            1_000);
    assertThat(await(log().search(exact))).containsExactly(one);
  }

  @Test
  void a_value_in_the_details_is_not_taken_for_a_field() {
    await(log().append(event(NOON).tenant("bolt").detail("tenant", "acme")));
    AuditLog.Query acme =
        new AuditLog.Query(
            Optional.of("acme"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            10);
    assertThat(await(log().search(acme))).isEmpty();
  }

  @Test
  void a_time_of_both_ends_includes_them() {
    for (int n = 0; n < 5; n++) {
      await(log().append(event(NOON.plusSeconds(n))));
    }
    AuditLog.Query between =
        new AuditLog.Query(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(NOON.plusSeconds(1)),
            Optional.of(NOON.plusSeconds(3)),
            10);
    assertThat(await(log().search(between)).stream().map(AuditEvent::at))
        .containsExactly(NOON.plusSeconds(3), NOON.plusSeconds(2), NOON.plusSeconds(1));
  }

  @Test
  void a_long_value_is_cut_and_not_refused() {
    await(log().append(event(NOON).target("x".repeat(5_000)).detail("d", "y".repeat(5_000))));
    AuditEvent found = await(log().search(everything())).getFirst();
    assertThat(found.target()).contains("x".repeat(1_000));
    assertThat(found.details().get("d")).hasSize(1_000);
  }
}
