package io.sluice.embedded;

import io.sluice.JobId;
import io.sluice.Step;
import io.sluice.WebhookDelivery.State;
import io.sluice.Webhooks;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What is owed to webhooks as rows. */
final class SqliteWebhooks implements Webhooks {
  private final Database database;
  private final Watchers<JobId> watchers;
  private final InstantSource clock;
  private final WebhookTurns turns = new WebhookTurns();

  SqliteWebhooks(Database database, Watchers<JobId> watchers, InstantSource clock) {
    this.database = database;
    this.watchers = watchers;
    this.clock = clock;
  }

  /** A look without the writer first: nothing is due most of the time. */
  @Override
  public Future<List<Owed>> take(int most, InHand inHand) {
    return database
        .read(sql -> WebhookTable.tenantAfter(sql, ""))
        .compose(
            first ->
                first.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : database.write(
                        sql -> turns.take(sql, Math.min(most, TAKEN_MAX), inHand, clock.millis())));
  }

  @Override
  public Future<Boolean> settle(Owed owed, Tried tried) {
    return database
        .write(
            sql -> {
              Optional<JobRow> job = JobTable.find(sql, owed.id());
              return job.isPresent() && settle(sql, job.get(), owed.lease(), tried);
            })
        .onSuccess(settled -> watchers.wake(owed.id()));
  }

  private boolean settle(Sql sql, JobRow job, long lease, Tried tried) throws SQLException {
    Optional<WebhookTable.Taken> taken = WebhookTable.taken(sql, job);
    if (taken.isEmpty() || taken.get().settled().filter(it -> it == lease).isPresent()) {
      return taken.isPresent();
    }
    if (taken.get().lease() != lease) {
      return false;
    }
    sql.update("UPDATE webhooks SET lease = NULL, settled = ? WHERE job = ?", lease, job.n);
    long now = clock.millis();
    int attempt = taken.get().attempts();
    switch (tried) {
      case Tried.Delivered(int status) ->
          over(sql, job, State.DELIVERED, tried(attempt, Optional.of(status), Optional.empty()));
      case Tried.Failed(Optional<Integer> status, String problem) ->
          over(sql, job, State.FAILED, tried(attempt, status, Optional.of(problem)));
      case Tried.Retry it -> {
        sql.update("UPDATE webhooks SET due = ? WHERE job = ?", now + it.in().toMillis(), job.n);
        write(sql, job, tried(attempt, it.status(), Optional.of(it.problem())));
      }
      case Tried.NotTried it ->
          sql.update(
              "UPDATE webhooks SET due = ?, attempts = attempts - 1 WHERE job = ?",
              now + it.in().toMillis(),
              job.n);
    }
    return true;
  }

  private Step.WebhookTried tried(int attempt, Optional<Integer> status, Optional<String> problem) {
    return new Step.WebhookTried(Instant.ofEpochMilli(clock.millis()), attempt, status, problem);
  }

  private void over(Sql sql, JobRow job, State state, Step.WebhookTried step) throws SQLException {
    sql.update("UPDATE webhooks SET state = ?, due = NULL WHERE job = ?", state.wireName(), job.n);
    job.keptFrom = clock.millis();
    write(sql, job, step);
  }

  private static void write(Sql sql, JobRow job, Step.WebhookTried step) throws SQLException {
    sql.update(
        "UPDATE webhooks SET status = ?, problem = ? WHERE job = ?",
        step.status().orElse(null),
        step.problem().orElse(null),
        job.n);
    job.step(step);
    JobTable.save(sql, job);
  }

  @Override
  public Future<Boolean> again(JobId id) {
    return database
        .write(
            sql -> {
              Optional<JobRow> found =
                  JobTable.find(sql, id)
                      .filter(job -> job.origin != null && job.state.isTerminal());
              if (found.isEmpty()) {
                return false;
              }
              if (!isOnItsWay(sql, found.get())) {
                WebhookTable.owe(sql, found.get(), clock.millis());
                JobTable.save(sql, found.get());
              }
              return true;
            })
        .onSuccess(owed -> watchers.wake(id));
  }

  private boolean isOnItsWay(Sql sql, JobRow job) throws SQLException {
    return WebhookTable.taken(sql, job).filter(it -> it.lease() > clock.millis()).isPresent();
  }
}
