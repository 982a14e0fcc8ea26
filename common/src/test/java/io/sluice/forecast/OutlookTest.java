package io.sluice.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.Backlog;
import io.sluice.Forecast;
import io.sluice.JobClass;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Lines;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Line;
import io.sluice.Lines.Odds;
import io.sluice.Lines.Pace;
import io.sluice.Lines.Queue;
import io.sluice.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the counters of a pool say; one job a second of 100 tokens each, unless said otherwise. */
class OutlookTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Optional<Pace> ONE_A_SECOND = Optional.of(new Pace(1, 100, 1000, 4, 1));

  private static Queue lane(int number, long weight, long waiting) {
    Amount departed = new Amount(50, 5_000);
    Amount entered = new Amount(50 + waiting, 5_000 + 100 * waiting);
    return new Queue(number, weight, entered, departed, 0);
  }

  private static Line line(Queue... lanes) {
    return new Line(List.of(lanes), Map.of("a", 0, "b", 1), Odds.BEFORE);
  }

  private static Outlook outlook(Optional<Pace> pace, Line interactive, Line batch) {
    return Outlook.of(
        new Lines(
            Jobs.POOL,
            NOW,
            0,
            false,
            pace,
            Map.of(JobClass.INTERACTIVE, interactive, JobClass.BATCH, batch)));
  }

  private static Outlook outlook(Queue... lanes) {
    return outlook(ONE_A_SECOND, line(lanes), line());
  }

  private static Forecast of(Outlook outlook, int lane, long jobsAhead) {
    Ticket ticket = new Ticket(lane, 50 + jobsAhead, 5_000 + 100 * jobsAhead);
    return outlook.forecast(JobClass.INTERACTIVE, ticket);
  }

  private static double seconds(Optional<Instant> time) {
    return Duration.between(NOW, time.orElseThrow()).toMillis() / 1000.0;
  }

  @Test
  void in_one_lane_those_before_it_start_first() {
    Forecast tenth = of(outlook(lane(0, 1, 30)), 0, 9);
    assertThat(tenth.position()).isEqualTo(10);
    assertThat(tenth.workAheadTokens()).isEqualTo(900);
    assertThat(seconds(tenth.p50())).isCloseTo(10, within(0.1));
    assertThat(seconds(tenth.p90())).isBetween(14.0, 16.0);
  }

  @Test
  void the_next_job_waits_for_one_slot() {
    Forecast next = of(outlook(lane(0, 1, 1)), 0, 0);
    assertThat(next.position()).isOne();
    assertThat(next.workAheadTokens()).isZero();
    assertThat(seconds(next.p50())).isCloseTo(1, within(0.1));
  }

  @Test
  void lanes_are_served_side_by_side_by_weight() {
    Outlook outlook = outlook(lane(0, 1, 30), lane(1, 3, 100));
    assertThat(of(outlook, 0, 10).position()).isEqualTo(41);
    assertThat(of(outlook, 1, 30).position()).isEqualTo(41);
    assertThat(seconds(of(outlook, 1, 30).p50())).isCloseTo(41, within(0.3));
  }

  @Test
  void a_lane_that_empties_leaves_its_share_to_the_others() {
    Outlook outlook = outlook(lane(0, 1, 100), lane(1, 1, 10));
    assertThat(of(outlook, 0, 9).position()).isEqualTo(19);
    assertThat(of(outlook, 0, 50).position()).isEqualTo(61);
  }

  @Test
  void of_ten_jobs_one_is_batch_while_both_classes_wait() {
    Outlook outlook = outlook(ONE_A_SECOND, line(lane(0, 1, 90)), line(lane(0, 1, 100)));
    Ticket batch = new Ticket(0, 55, 5_500);
    assertThat(of(outlook, 0, 45).position()).isEqualTo(51);
    assertThat(outlook.forecast(JobClass.BATCH, batch).position()).isEqualTo(51);
    Ticket later = new Ticket(0, 70, 7_000);
    assertThat(outlook.forecast(JobClass.BATCH, later).position()).isEqualTo(111);
  }

  @Test
  void what_keeps_coming_into_another_lane_delays_but_is_no_position() {
    Queue busy = new Queue(1, 1, new Amount(5, 500), new Amount(5, 500), 40);
    Forecast forecast = of(outlook(lane(0, 1, 30), busy), 0, 12);
    assertThat(forecast.position()).isEqualTo(13);
    assertThat(seconds(forecast.p50())).isCloseTo(12 / 0.6 + 1, within(0.2));
  }

  @Test
  void a_lane_that_goes_on_filling_keeps_its_share_longer() {
    Queue flood = new Queue(1, 1, new Amount(25, 2_500), new Amount(5, 500), 30);
    Forecast forecast = of(outlook(lane(0, 1, 90), flood), 0, 80);
    // 2,000 tokens that fall by 20 a second are gone after 100 s; from then on 70 are left of 100.
    assertThat(seconds(forecast.p50())).isCloseTo(100 + 3_000 / 70.0 + 1, within(0.5));
    assertThat(forecast.position()).isEqualTo(101);
  }

  @Test
  void without_a_pace_the_position_is_known_and_the_time_is_not() {
    Forecast forecast = of(outlook(Optional.empty(), line(lane(0, 1, 30)), line()), 0, 9);
    assertThat(forecast).isEqualTo(new Forecast(10, 900, Optional.empty(), Optional.empty()));
  }

  @Test
  void who_finds_a_free_slot_starts_now() {
    Lines lines = new Lines(Jobs.POOL, NOW, 0, true, Optional.empty(), Map.of());
    assertThat(Outlook.of(lines).forecast(JobClass.INTERACTIVE, "a", 1))
        .isEqualTo(new Forecast(1, 0, Optional.of(NOW), Optional.of(NOW.plus(Backlog.FLOOR))));
  }

  @Test
  void a_newcomer_stands_behind_its_own_and_beside_the_others() {
    Outlook outlook = outlook(lane(0, 1, 30), lane(1, 1, 8));
    assertThat(outlook.forecast(JobClass.INTERACTIVE, "a", 1).position()).isEqualTo(39);
    assertThat(outlook.forecast(JobClass.INTERACTIVE, "b", 1).position()).isEqualTo(17);
    assertThat(outlook.forecast(JobClass.INTERACTIVE, "stranger", 1).position()).isOne();
  }

  @Test
  void a_newcomer_shares_a_lane_where_none_is_left() {
    int own = Lane.NUMBERS - Lane.SHARED;
    Map<String, Integer> leases = new java.util.HashMap<>();
    IntStream.range(0, own).forEach(n -> leases.put("t" + n, n));
    Queue shared = lane(Lane.shared("late"), 2, 20);
    Line line = new Line(List.of(shared), leases, Odds.BEFORE);
    Outlook outlook = outlook(ONE_A_SECOND, line, line());
    assertThat(outlook.forecast(JobClass.INTERACTIVE, "late", 1).position()).isEqualTo(21);
  }

  @Test
  void a_ticket_that_is_newer_than_the_look_counts_what_came_in_since() {
    Outlook outlook = outlook(lane(0, 1, 9));
    assertThat(of(outlook, 0, 9).position()).as("it came first after the look").isEqualTo(10);
    Forecast later = of(outlook, 0, 40);
    assertThat(later.position()).isEqualTo(41);
    assertThat(later.workAheadTokens()).isEqualTo(4_000);
    assertThat(seconds(later.p50())).isCloseTo(41, within(0.1));
  }

  @Test
  void a_ticket_that_fits_no_counter_makes_no_nonsense() {
    Outlook outlook = outlook(lane(0, 1, 5));
    Forecast old = outlook.forecast(JobClass.INTERACTIVE, new Ticket(0, 3, 300));
    assertThat(old.position()).isOne();
    assertThat(old.workAheadTokens()).isZero();
    Forecast lost = outlook.forecast(JobClass.INTERACTIVE, new Ticket(0, 90_000, 9_000_000));
    assertThat(lost.position()).isEqualTo(5);
    assertThat(lost.workAheadTokens()).isLessThanOrEqualTo(500);
    assertThat(outlook.forecast(JobClass.INTERACTIVE, new Ticket(7, 9, 900)).position()).isOne();
  }

  @Test
  void the_odds_stretch_what_the_model_says() {
    Line tried = new Line(List.of(lane(0, 1, 30)), Map.of(), new Odds(2, 1.5, 100));
    Forecast forecast = of(outlook(ONE_A_SECOND, tried, line()), 0, 9);
    assertThat(seconds(forecast.p50())).isCloseTo(20, within(0.2));
    assertThat(seconds(forecast.p90())).isCloseTo(20 * 1.4 * 1.5 + 1, within(1.5));
  }

  @Test
  void a_place_is_free_when_so_much_has_started() {
    Outlook outlook = outlook(lane(0, 1, 30), lane(1, 1, 40));
    Optional<Duration> ten = outlook.untilStarted(JobClass.INTERACTIVE, "a", new Amount(10, 0));
    assertThat(ten.orElseThrow()).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(21));
    assertThat(outlook.untilStarted(new Amount(10, 0))).contains(Duration.ofSeconds(10));
    assertThat(outlook.untilStarted(new Amount(0, 2_000))).contains(Duration.ofSeconds(20));
    assertThat(outlook.untilStarted(new Amount(0, 1))).contains(Duration.ofSeconds(1));
    assertThat(outlook(Optional.empty(), line(), line()).untilStarted(new Amount(1, 1))).isEmpty();
  }

  @Test
  void the_high_quantile_moves_the_less_the_more_jobs_wait() {
    Odds odds = new Odds(1, 1, 10_000);
    assertThat(odds.after(2, 2, 20)).isEqualTo(odds.after(2, 2, 0));
    assertThat(odds.after(2, 2, 349).median()).isEqualTo(odds.after(2, 2, 0).median());
    assertThat(Math.log(odds.after(2, 2, 349).ninety())).isCloseTo(0.00188, within(1e-9));
  }

  @Test
  void odds_come_to_have_half_below_the_median_and_nine_of_ten_below_the_other() {
    java.util.Random random = new java.util.Random(7);
    Odds odds = Odds.BEFORE;
    int below = 0;
    int farBelow = 0;
    for (int n = 0; n < 6_000; n++) {
      double actual = 3 * Math.exp(random.nextGaussian() / 2);
      below += n >= 1_000 && actual <= odds.median() ? 1 : 0;
      farBelow += n >= 1_000 && actual <= odds.ninety() ? 1 : 0;
      odds = odds.after(actual, actual, 0);
    }
    assertThat(below / 50.0).isCloseTo(50, within(3.0));
    assertThat(farBelow / 50.0).isCloseTo(94, within(2.0));
  }
}
