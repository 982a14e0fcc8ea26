package io.sluice.forecast;

import io.sluice.Backlog;
import io.sluice.Forecast;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Lines;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Line;
import io.sluice.Lines.Odds;
import io.sluice.Lines.Queue;
import io.sluice.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the counters of a pool say of the waits there. Pure; a few microseconds each, whatever
 * waits.
 *
 * <p>A job starts when all that goes before it has started and one more place is free: {@link
 * Fluid} says when the first is so at the pool's measured pace, and the second takes the time
 * between two starts. The median is that, times the median of how such sums came true lately. The
 * 90 % quantile is wider by what chance does to that many starts and to so short a measurement,
 * times its own quantile, and {@link Backlog#FLOOR} later.
 */
public final class Outlook {
  private static final double NORMAL_NINETY = 1.2816;

  /**
   * Where slots that were empty filled at once, the short jobs end first: until each slot was freed
   * once or so the pace looks too high, by about (cv² − 1) ÷ 2 (renewal theory).
   */
  private static final double EARLY = 0.25;

  /** More jobs than this do not come into one lane between a look and a ticket. */
  private static final long CAME_SINCE_MAX = 10_000;

  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Lines lines;

  private Outlook(Lines lines) {
    this.lines = lines;
  }

  public static Outlook of(Lines lines) {
    return new Outlook(lines);
  }

  /** Where a job waits: its lane's number, its share there, and what is before it in the lane. */
  private record Place(JobClass jobClass, int lane, double weight, Amount ahead) {}

  /** Of a job that waits for its first attempt. */
  public Forecast forecast(JobClass jobClass, Ticket ticket) {
    Optional<Queue> lane = lane(jobClass, ticket.lane());
    Amount ahead = lane.map(queue -> ahead(queue, ticket)).orElse(Amount.NONE);
    return forecast(new Place(jobClass, ticket.lane(), lane.map(Queue::weight).orElse(1L), ahead));
  }

  /**
   * What is left before it in its lane. The ticket may be newer than the look, and then it knows
   * better what came in; unless it is so far beyond the counters that they began anew after it.
   */
  private static Amount ahead(Queue lane, Ticket ticket) {
    Amount before = new Amount(ticket.jobsBefore(), ticket.tokensBefore()).minus(lane.departed());
    if (ticket.jobsBefore() - lane.entered().jobs() < CAME_SINCE_MAX) {
      return before;
    }
    Amount waiting = lane.waiting();
    return new Amount(
        Math.min(before.jobs(), Math.max(0, waiting.jobs() - 1)),
        Math.min(before.tokens(), waiting.tokens()));
  }

  /** Of a job that would come in now. */
  public Forecast forecast(JobClass jobClass, String tenant, int weight) {
    int number = numberFor(jobClass, tenant);
    Optional<Queue> lane = lane(jobClass, number);
    Amount waiting = lane.map(Queue::waiting).orElse(Amount.NONE);
    long known = waiting.jobs() == 0 ? 0 : lane.map(Queue::weight).orElse(0L);
    return forecast(new Place(jobClass, number, Math.max(weight, known), waiting));
  }

  private Forecast forecast(Place place) {
    Stream own = Stream.ahead(place.jobClass(), Math.max(1, place.weight()), place.ahead());
    List<Stream> others = others(place);
    // Without a pace the order is known all the same: any capacity gives the same one.
    Fluid fluid = new Fluid(lines.pace().map(Lines.Pace::tokensPerSecond).orElse(1.0), own, others);
    double seconds = fluid.run();
    double jobs = place.ahead().jobs() + started(others);
    long position = 1 + Math.round(jobs);
    long tokens =
        place.ahead().tokens()
            + Math.round(others.stream().mapToDouble(Stream::tokensStarted).sum());
    if (lines.free()) {
      return new Forecast(
          position, tokens, Optional.of(lines.at()), Optional.of(lines.at().plus(Backlog.FLOOR)));
    }
    if (lines.pace().isEmpty()) {
      return new Forecast(position, tokens, Optional.empty(), Optional.empty());
    }
    Lines.Pace pace = lines.pace().get();
    Odds odds = lines.of(place.jobClass()).odds();
    double early = Math.min(1, pace.slots() / pace.seen());
    double wait = (seconds + 1 / pace.jobsPerSecond()) * (1 + EARLY * early) * odds.median();
    double chance = pace.variation() * (1 / (jobs + 1) + 1 / pace.seen()) + early * early / 4;
    double longer = wait * (1 + NORMAL_NINETY * Math.sqrt(chance)) * odds.ninety();
    return new Forecast(
        position, tokens, Optional.of(in(wait)), Optional.of(in(longer).plus(Backlog.FLOOR)));
  }

  private Instant in(double seconds) {
    return lines.at().plus(time(seconds));
  }

  private static double started(List<Stream> others) {
    return others.stream().mapToDouble(Stream::jobsStarted).sum();
  }

  private static Duration time(double seconds) {
    return Duration.ofMillis(Math.min(LONGEST.toMillis(), Math.round(seconds * 1000)));
  }

  private List<Stream> others(Place place) {
    List<Stream> others = new ArrayList<>();
    for (JobClass jobClass : JobClass.values()) {
      for (Queue lane : lines.of(jobClass).lanes()) {
        if (jobClass != place.jobClass() || lane.number() != place.lane()) {
          others.add(Stream.of(jobClass, lane));
        }
      }
    }
    return others;
  }

  private Optional<Queue> lane(JobClass jobClass, int number) {
    return lines.of(jobClass).lanes().stream().filter(it -> it.number() == number).findFirst();
  }

  /** The lane that admission would give to a tenant. */
  private int numberFor(JobClass jobClass, String tenant) {
    Line line = lines.of(jobClass);
    Integer own = line.leases().get(tenant);
    if (own != null) {
      return own;
    }
    Set<Integer> taken = new HashSet<>(line.leases().values());
    for (int number = 0; number < Lane.NUMBERS - Lane.SHARED; number++) {
      if (!taken.contains(number)) {
        return number;
      }
    }
    return Lane.shared(tenant);
  }

  /**
   * How long until so much of what waits in a tenant's lane has started: at the least a second, at
   * the most all of it; empty while no pace is known.
   */
  public Optional<Duration> untilStarted(JobClass jobClass, String tenant, Amount amount) {
    int number = numberFor(jobClass, tenant);
    Optional<Queue> lane = lane(jobClass, number);
    Amount waiting = lane.map(Queue::waiting).orElse(Amount.NONE);
    double part =
        Math.min(
            1,
            Math.max(part(amount.jobs(), waiting.jobs()), part(amount.tokens(), waiting.tokens())));
    Amount ahead =
        new Amount(Math.round(part * waiting.jobs()), Math.round(part * waiting.tokens()));
    Place place = new Place(jobClass, number, lane.map(Queue::weight).orElse(1L), ahead);
    return lines.pace().map(pace -> untilStarted(place, pace));
  }

  private Duration untilStarted(Place place, Lines.Pace pace) {
    Stream own = Stream.ahead(place.jobClass(), Math.max(1, place.weight()), place.ahead());
    double seconds = new Fluid(pace.tokensPerSecond(), own, others(place)).run();
    return atLeast(time(seconds * lines.of(place.jobClass()).odds().median()));
  }

  private static double part(long of, long all) {
    return all == 0 ? 0 : (double) of / all;
  }

  /** The same for so much of what waits in the whole pool. */
  public Optional<Duration> untilStarted(Amount amount) {
    return lines
        .pace()
        .map(
            pace ->
                Math.max(
                    amount.jobs() / pace.jobsPerSecond(), amount.tokens() / pace.tokensPerSecond()))
        .map(seconds -> atLeast(time(seconds)));
  }

  private static Duration atLeast(Duration time) {
    return time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
  }
}
