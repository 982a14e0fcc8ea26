package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link WarmSessions} keeps, together with its {@link WarmLanes}. */
public abstract class WarmContract {
  /** What is under test. */
  public interface Fixture extends AutoCloseable {
    WarmSessions sessions();

    WarmLanes lanes();

    @Override
    void close();
  }

  protected static final Duration WAIT = Duration.ofMillis(250);
  protected final Conversation talk =
      new Conversation(Jobs.POOL, "t", UUID.randomUUID().toString());
  protected final String worker = "w" + UUID.randomUUID();
  protected WarmSessions sessions;
  protected WarmLanes lanes;
  private Fixture fixture;

  protected abstract Fixture open();

  @BeforeEach
  void openBoth() {
    fixture = open();
    sessions = fixture.sessions();
    lanes = fixture.lanes();
  }

  @AfterEach
  void closeBoth() {
    fixture.close();
  }

  @Test
  void nobody_is_warm_who_has_not_served_or_is_not_there() {
    assertThat(await(sessions.find(talk))).isEmpty();
    await(sessions.served(talk, worker, 100));
    assertThat(await(sessions.find(talk))).isEmpty();
  }

  @Test
  void nobody_is_warm_who_takes_no_jobs_any_more() {
    await(lanes.leave(worker));
    await(sessions.served(talk, worker, 100));
    await(lanes.present(worker, Optional.of(WAIT)));
    await(lanes.leave(worker));
    await(lanes.leave(worker));
    assertThat(await(sessions.find(talk))).isEmpty();
  }

  @Test
  void nothing_is_put_into_a_lane_that_nobody_holds() {
    assertThat(await(lanes.reserve(17, WAIT))).isFalse();
  }
}
