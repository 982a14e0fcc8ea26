package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.AnswerCache;
import io.sluice.Backlog;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobId;
import io.sluice.JobStore;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Recovery;
import io.sluice.StoreFixture;
import io.sluice.Webhooks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The embedded store for the contracts, with a clock that stands still. */
final class EmbeddedStore implements StoreFixture {
  private final MovableClock clock = new MovableClock();
  private final TemporaryData data = TemporaryData.make();
  private final Embedded embedded;

  EmbeddedStore(Admission.Bounds bounds) {
    embedded = data.open(bounds, List.of(Jobs.POOL), clock);
  }

  @Override
  public Admission admission() {
    return embedded.admission();
  }

  @Override
  public Backlog backlog() {
    return embedded.backlog();
  }

  @Override
  public JobStore store() {
    return embedded.store();
  }

  @Override
  public Leases leases() {
    return embedded.leases();
  }

  @Override
  public JobEvents events() {
    return embedded.events();
  }

  @Override
  public JobHistory history() {
    return embedded.history();
  }

  @Override
  public Recovery recovery() {
    return embedded.recovery();
  }

  @Override
  public AnswerCache answers() {
    return embedded.answers();
  }

  @Override
  public Webhooks webhooks() {
    return embedded.webhooks();
  }

  @Override
  public void letWebhookLeaseEnd(JobId id) {
    clock.move(Webhooks.LEASE.plusMillis(1));
  }

  @Override
  public Instant lifeEnds(JobId id) {
    try (Sql sql = Sql.open(DataDirectory.database(data.path()))) {
      return sql.first(
              "SELECT due FROM jobs WHERE id = ?",
              row -> Instant.ofEpochMilli(row.getLong(1)),
              id.value())
          .orElseThrow();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void letPass(Instant moment) {
    clock.movePast(moment);
  }

  @Override
  public void passForLimits(Duration time) {
    clock.move(time);
  }

  @Override
  public void letLeaseEnd(JobId id) {
    clock.move(Leases.LENGTH.plusMillis(1));
  }

  @Override
  public void letLifeEnd(JobId id) {
    clock.move(JobRow.LIFE.plus(Duration.ofHours(1)));
  }

  @Override
  public boolean canLoseItsRecords() {
    return false;
  }

  @Override
  public void loseEverything() {
    throw new UnsupportedOperationException("its records are where its messages are");
  }

  @Override
  public void close() {
    embedded.close();
    data.close();
  }
}
