package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.BacklogContract;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Limits;
import io.sluice.Lines;
import io.sluice.StoreFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisBacklogTest extends BacklogContract {
  @Override
  protected StoreFixture open(Admission.Bounds bounds) {
    return RedisFixture.open(bounds);
  }

  private static Job job(RedisFixture store, String tenant, int weight) {
    Job job = Jobs.chat().tenant(tenant).job();
    await(store.admission().admit(new Admission.Entry(job, Limits.NONE, weight, Optional.empty())));
    return job;
  }

  private static Lines.Line look(RedisFixture store) {
    return await(store.backlog().look(Jobs.POOL)).of(JobClass.INTERACTIVE);
  }

  @Test
  void a_lane_is_its_tenants_while_it_waits_there_and_has_its_weight() {
    try (RedisFixture store = RedisFixture.open(Admission.Bounds.DEFAULT)) {
      List<Job> jobs = List.of(job(store, "a", 5), job(store, "a", 5), job(store, "b", 2));
      assertThat(look(store).leases()).isEqualTo(Map.of("a", 0, "b", 1));
      assertThat(look(store).lanes())
          .extracting(Lines.Queue::number, Lines.Queue::weight)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(0, 5L),
              org.assertj.core.groups.Tuple.tuple(1, 2L));
      await(store.store().cancel(jobs.get(0).id()));
      assertThat(look(store).leases()).containsKey("a");
      await(store.store().cancel(jobs.get(1).id()));
      assertThat(look(store).leases()).isEqualTo(Map.of("b", 1));
      job(store, "a", 7);
      assertThat(look(store).lanes())
          .extracting(Lines.Queue::weight)
          .containsExactlyInAnyOrder(7L, 2L);
    }
  }

  @Test
  void a_shared_lane_has_the_weight_of_all_that_wait_in_it() {
    try (RedisFixture store = RedisFixture.open(Admission.Bounds.DEFAULT)) {
      for (int n = 0; n < Lane.NUMBERS - Lane.SHARED; n++) {
        job(store, "own" + n, 1);
      }
      // The hashes of these two differ by a multiple of the shared lanes.
      job(store, "late-A", 3);
      Job last = job(store, "late-E", 4);
      assertThat(shared(store).weight()).isEqualTo(7);
      assertThat(shared(store).waiting().jobs()).isEqualTo(2);
      await(store.store().cancel(last.id()));
      assertThat(shared(store).weight()).isEqualTo(3);
      assertThat(look(store).leases()).hasSize(Lane.NUMBERS - Lane.SHARED);
    }
  }

  private static Lines.Queue shared(RedisFixture store) {
    return look(store).lanes().stream()
        .filter(lane -> lane.number() == Lane.shared("late-A"))
        .findFirst()
        .orElseThrow();
  }
}
