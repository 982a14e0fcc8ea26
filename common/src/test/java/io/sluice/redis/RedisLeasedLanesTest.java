package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.LeasedLanesContract;
import io.sluice.StoreFixture;
import org.junit.jupiter.api.Test;

class RedisLeasedLanesTest extends LeasedLanesContract {
  private RedisFixture redis;

  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    redis = RedisFixture.open(bounds);
    return redis;
  }

  @Test
  void a_restored_record_has_no_ticket_and_its_end_ends_no_lease() {
    Job job = admitted("a");
    redis.loseEverything();
    await(redis.recovery().restore(new JobMessage(job, 0)));
    assertThat(ticket(job)).isEmpty();
    assertThat(lane(admitted("a"))).isZero();
    claim(job);
    assertThat(lane(admitted("b"))).isOne();
  }
}
