package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Admission;
import io.sluice.Delivery;
import io.sluice.JobClass;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.JobQueueContract;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.Unavailable;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteJobQueueTest extends JobQueueContract {
  @Override
  protected Fixture open(List<Pool> pools) {
    return new EmbeddedQueue(pools);
  }

  /** Closing settles nothing, so for the queue it is as good as a kill. */
  private static final class EmbeddedQueue implements Fixture {
    private final MovableClock clock = new MovableClock();
    private final TemporaryData data = TemporaryData.make();
    private final List<Pool> pools;
    private Embedded embedded;

    private EmbeddedQueue(List<Pool> pools) {
      this.pools = pools;
      this.embedded = data.open(Admission.Bounds.DEFAULT, pools, clock);
    }

    @Override
    public JobQueue queue() {
      return embedded.queue();
    }

    @Override
    public void killHolder() {
      embedded.close();
      embedded = data.open(Admission.Bounds.DEFAULT, pools, clock);
    }

    @Override
    public void letDelayPass(Duration after) {
      clock.move(after);
    }

    @Override
    public void publishUnreadable(Lane lane) {
      try (Database database = Database.open(DataDirectory.database(data.path()), sql -> null)) {
        byte[] body = "{\"v\":999}".getBytes(StandardCharsets.UTF_8);
        await(
            database.<Void>write(
                sql -> {
                  MessageTable.insert(sql, lane, 0, 0, body);
                  return null;
                }));
      }
    }

    @Override
    public void close() {
      embedded.close();
      data.close();
    }
  }

  @Test
  void a_retry_lane_hands_out_nothing_before_its_time() {
    EmbeddedQueue fixture = new EmbeddedQueue(List.of(Jobs.POOL));
    try {
      Lane ready = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);
      Lane retry = new Lane.Retry(Jobs.POOL, JobClass.INTERACTIVE);
      JobQueue queue = fixture.queue();
      await(queue.publish(ready, new JobMessage(Jobs.chat().job(), 0)));
      Delivery delivery = await(queue.pull(ready)).orElseThrow();

      await(delivery.retry(1, Duration.ofSeconds(10)));

      fixture.clock.move(Duration.ofMillis(9_999));
      assertThat(await(queue.waiting(retry))).isZero();
      assertThat(await(queue.pull(retry))).isEmpty();
      fixture.clock.move(Duration.ofMillis(1));
      assertThat(await(queue.waiting(retry))).isOne();
      assertThat(await(queue.pull(retry))).isPresent();
    } finally {
      fixture.close();
    }
  }

  @Test
  void a_message_whose_settlement_failed_comes_back_at_the_next_pull_and_once()
      throws SQLException {
    Lane ready = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);
    try (TemporaryData data = TemporaryData.make();
        Database database = impatient(data);
        Sql other = Sql.open(DataDirectory.database(data.path()))) {
      JobQueue queue = new SqliteJobQueue(database, List.of(Jobs.POOL), InstantSource.system());
      await(queue.publish(ready, new JobMessage(Jobs.chat().job(), 0)));
      Delivery delivery = await(queue.pull(ready)).orElseThrow();

      other.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> await(delivery.done())).isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> await(queue.pull(ready))).isInstanceOf(Unavailable.class);
      other.execute("ROLLBACK");

      Delivery again = await(queue.pull(ready)).orElseThrow();
      assertThat(again.redelivered()).isTrue();
      assertThat(await(queue.pull(ready))).isEmpty();
      await(again.done());
      assertThat(await(queue.pull(ready))).isEmpty();
    }
  }

  private static Database impatient(TemporaryData data) {
    return Database.open(
        DataDirectory.database(data.path()),
        sql -> {
          sql.execute("PRAGMA busy_timeout = 0");
          return null;
        });
  }
}
