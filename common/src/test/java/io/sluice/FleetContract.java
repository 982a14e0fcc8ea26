package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Fleet.Member;
import io.sluice.Fleet.Wish;
import io.sluice.WorkerReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Fleet} keeps. */
public abstract class FleetContract {
  /** A fleet under test, empty. */
  public interface Fixture extends AutoCloseable {
    Fleet fleet();

    Instant now();

    /** Waits, or moves its clock, until this time has passed. */
    void pass(Duration time);

    @Override
    void close();
  }

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Wish DRAIN = new Wish.Drain(Duration.ofSeconds(20));
  private static final Wish SERVE = new Wish.Serve();

  private static final ModelFacts MODEL =
      new ModelFacts(
          "qwen3:14b",
          Optional.of("55aa"),
          OptionalLong.of(9_276_198_565L),
          Optional.of(Instant.ofEpochMilli(1_700_000_000_123L)),
          "{\"family\":\"qwen3\",\"families\":[\"qwen3\"]}",
          List.of("completion", "thinking"),
          OptionalInt.of(40_960),
          "{\"general.architecture\":\"qwen3\",\"qwen3.rope.freq_base\":1000000.5}",
          Optional.of(
              new ModelFacts.Loaded(
                  1L << 40, 1L << 39, OptionalInt.of(8192), Optional.of(Instant.ofEpochMilli(7)))));

  protected Fleet fleet;
  private Fixture it;

  protected abstract Fixture open();

  @BeforeEach
  void openFleet() {
    it = open();
    fleet = it.fleet();
  }

  @AfterEach
  void closeFleet() {
    it.close();
  }

  @Test
  void all_are_known_by_their_ids_as_they_last_told_of_themselves() {
    Instant before = it.now();
    await(fleet.announce(report("b", State.SERVING), LONG));
    await(fleet.announce(report("a", State.SERVING), LONG));
    await(fleet.announce(report("b", State.DRAINING), LONG));
    List<Member> all = await(fleet.all());
    assertThat(all)
        .extracting(Member::report)
        .containsExactly(report("a", State.SERVING), report("b", State.DRAINING));
    assertThat(all).allMatch(member -> member.wish().isEmpty());
    assertThat(all)
        .allMatch(
            member -> !member.seenAt().isBefore(before) && !member.seenAt().isAfter(it.now()));
  }

  @Test
  void a_wish_is_heard_by_the_worker_that_it_is_for_until_there_is_another() {
    await(fleet.announce(report("a", State.SERVING), LONG));
    await(fleet.announce(report("b", State.SERVING), LONG));
    assertThat(await(fleet.wish("a", DRAIN))).isTrue();
    assertThat(await(fleet.announce(report("b", State.SERVING), LONG))).isEmpty();
    assertThat(await(fleet.announce(report("a", State.SERVING), LONG))).contains(DRAIN);
    assertThat(await(fleet.announce(report("a", State.DRAINING), LONG))).contains(DRAIN);
    assertThat(await(fleet.all()).getFirst().wish()).contains(DRAIN);
    await(fleet.wish("a", SERVE));
    assertThat(await(fleet.announce(report("a", State.DRAINED), LONG))).contains(SERVE);
  }

  @Test
  void of_nobody_can_anything_be_wished() {
    assertThat(await(fleet.wish("a", DRAIN))).isFalse();
    assertThat(await(fleet.announce(report("a", State.SERVING), LONG))).isEmpty();
  }

  @Test
  void who_left_is_not_known_and_nothing_is_wished_of_who_comes_by_its_name() {
    await(fleet.announce(report("a", State.SERVING), LONG));
    await(fleet.wish("a", DRAIN));
    await(fleet.leave("a"));
    await(fleet.leave("a"));
    assertThat(await(fleet.all())).isEmpty();
    assertThat(await(fleet.wish("a", DRAIN))).isFalse();
    assertThat(await(fleet.announce(report("a", State.SERVING), LONG))).isEmpty();
  }

  @Test
  void models_are_known_as_they_were_last_described_for_as_long_as_their_worker() {
    assertThat(await(fleet.describe("a", List.of(MODEL)))).isFalse();
    await(fleet.announce(report("a", State.SERVING), LONG));
    await(fleet.announce(report("b", State.SERVING), LONG));
    assertThat(await(fleet.all())).allMatch(member -> member.models().isEmpty());
    assertThat(await(fleet.describe("a", List.of(ModelFacts.named("x"))))).isTrue();
    assertThat(await(fleet.describe("a", List.of(MODEL, ModelFacts.named("y"))))).isTrue();
    await(fleet.wish("a", DRAIN));
    await(fleet.announce(report("a", State.DRAINING), LONG));
    assertThat(await(fleet.all()))
        .extracting(Member::models)
        .containsExactly(List.of(MODEL, ModelFacts.named("y")), List.of());
    await(fleet.leave("a"));
    await(fleet.announce(report("a", State.SERVING), LONG));
    assertThat(await(fleet.all())).allMatch(member -> member.models().isEmpty());
  }

  @Test
  void who_is_not_heard_of_is_forgotten_alone() {
    await(fleet.announce(report("a", State.SERVING), Duration.ofMillis(200)));
    await(fleet.announce(report("b", State.SERVING), LONG));
    it.pass(Duration.ofMillis(250));
    assertThat(await(fleet.all())).extracting(one -> one.report().id()).containsExactly("b");
    assertThat(await(fleet.wish("a", DRAIN))).isFalse();
  }

  private static WorkerReport report(String id, State state) {
    Pool pool = Pool.parse("qwen3:14b@16k");
    return new WorkerReport(
        id,
        "gpu-1",
        "1.2.3",
        List.of(pool),
        List.of(
            new WorkerReport.Engine("localhost:11434", 4, 2, List.of(pool)),
            new WorkerReport.Engine("localhost:11435", 2, 0, List.of())),
        state,
        3,
        Instant.ofEpochMilli(1_700_000_000_123L));
  }
}
