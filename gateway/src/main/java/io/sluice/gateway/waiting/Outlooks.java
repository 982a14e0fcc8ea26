package io.sluice.gateway.waiting;

import io.sluice.Backlog;
import io.sluice.Forecast;
import io.sluice.JobClass;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Lines;
import io.sluice.Pool;
import io.sluice.forecast.Outlook;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.SharedAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be said of the waits in each pool, looked at four times a second at most, however many
 * ask. Where the store does not say, or the pool is not served here, nothing is known: no request
 * fails for it. Safe from any thread.
 */
public final class Outlooks {
  private static final Logger LOG = LoggerFactory.getLogger(Outlooks.class);
  static final Duration LIFE = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Map<Pool, SharedAnswer<Lines>> looks;

  public Outlooks(Vertx vertx, Backlog backlog, List<Pool> pools) {
    this.vertx = vertx;
    this.looks =
        pools.stream()
            .distinct()
            .collect(
                Collectors.toUnmodifiableMap(
                    pool -> pool, pool -> new SharedAnswer<>(LIFE, () -> backlog.look(pool))));
  }

  /** Completes on the caller's context; never fails. */
  public Future<Optional<Lines>> lines(Pool pool) {
    return Optional.ofNullable(looks.get(pool))
        .map(
            look ->
                OnContext.of(vertx, look.get())
                    .map(Optional::of)
                    .otherwise(
                        e -> {
                          LOG.debug("the backlog of {} is not known: {}", pool, e.toString());
                          return Optional.empty();
                        }))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /** Completes on the caller's context; never fails. */
  public Future<Optional<Outlook>> of(Pool pool) {
    return lines(pool).map(lines -> lines.map(Outlook::of));
  }

  /** What is known of a job's wait; nothing where it does not wait for its first attempt. */
  public Future<Optional<Forecast>> forecast(JobRecord record) {
    return waits(record)
        ? lines(record.job().pool()).map(lines -> lines.flatMap(it -> forecast(it, record)))
        : Future.succeededFuture(Optional.empty());
  }

  /** Nothing where the counters do not know its lane: after a loss they begin anew. */
  static Optional<Forecast> forecast(Lines lines, JobRecord record) {
    JobClass jobClass = record.job().jobClass();
    return record
        .ticket()
        .filter(
            ticket ->
                lines.of(jobClass).lanes().stream()
                    .anyMatch(lane -> lane.number() == ticket.lane()))
        .map(ticket -> Outlook.of(lines).forecast(jobClass, ticket));
  }

  /** Whether it waits for its first attempt, in a place that is known. */
  public static boolean waits(JobRecord record) {
    return record.state() == JobState.QUEUED
        && record.attempt() == 0
        && record.ticket().isPresent();
  }
}
