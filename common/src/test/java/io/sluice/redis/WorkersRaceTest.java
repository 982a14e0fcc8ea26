package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Ending;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobMessage;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Leases;
import io.sluice.Output;
import io.sluice.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many workers at the same time on one Redis; the queue is a list in memory. */
class WorkersRaceTest {
  private static final int WORKERS = 12;
  private static final int JOBS_OF_EACH = 150;
  private static final int MOST_OF_BOUNDED = 3;
  private static final long ESTIMATE = 300;
  private static final long USED = 200;

  private final RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
  private final Map<Lane, Queue<Job>> queue = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
  private final AtomicInteger ended = new AtomicInteger();

  @BeforeEach
  void submit() {
    for (int n = 0; n < JOBS_OF_EACH; n++) {
      submit("bounded", OptionalInt.of(MOST_OF_BOUNDED));
      submit("free", OptionalInt.empty());
    }
  }

  private void submit(String tenant, OptionalInt runningMax) {
    Job job = Jobs.chat().tenant(tenant).job();
    Admission.Decision.Admitted admitted =
        (Admission.Decision.Admitted) await(redis.admission().admit(job));
    Lane lane = new Lane.Ready(job.pool(), JobClass.INTERACTIVE, admitted.ticket().lane());
    queue.computeIfAbsent(lane, first -> new ConcurrentLinkedQueue<>()).add(job);
    await(redis.redis.laneOrder().offered(lane, new Share(tenant, 1, runningMax)));
  }

  @AfterEach
  void close() {
    redis.close();
  }

  @Test
  void no_tenant_runs_more_than_it_may_and_every_turn_is_charged_once() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int n = 0; n < WORKERS; n++) {
        workers.add(threads.submit(this::work));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    }

    assertThat(ended).hasValue(2 * JOBS_OF_EACH);
    assertThat(most.get("bounded")).hasValueLessThanOrEqualTo(MOST_OF_BOUNDED);
    assertThat(most.get("free")).hasValueGreaterThan(MOST_OF_BOUNDED);
    assertThat(served()).isCloseTo(2.0 * JOBS_OF_EACH * USED / 9, Percentage.withPercentage(0.01));
  }

  private double served() {
    return Double.parseDouble(
        redis.lua(
            "return redis.call('HGET', 'sluice:lanes:marks:' .. ARGV[1] .. '/interactive', 'counter')",
            Jobs.POOL.toString()));
  }

  private void work() {
    while (ended.get() < 2 * JOBS_OF_EACH) {
      await(redis.redis.laneOrder().next(Ask.any(Set.of(Jobs.POOL)))).ifPresent(this::pull);
    }
  }

  private void pull(Turn turn) {
    Queue<Job> lane = queue.get(turn.lane());
    Job job = lane == null ? null : lane.poll();
    if (job == null) {
      await(redis.redis.laneOrder().emptied(turn));
    } else {
      run(turn, job);
    }
  }

  private void run(Turn turn, Job job) {
    Leases.Lease lease = claimed(job);
    int now = running.computeIfAbsent(job.tenant(), t -> new AtomicInteger()).incrementAndGet();
    most.computeIfAbsent(job.tenant(), t -> new AtomicInteger()).accumulateAndGet(now, Math::max);
    await(redis.redis.laneOrder().charge(turn, new Charge.Pulled(job.tenant(), ESTIMATE)));
    running.get(job.tenant()).decrementAndGet();
    await(redis.leases().finish(lease, new Ending.Completed(Output.NONE, new Usage(7, 16))));
    await(redis.redis.laneOrder().charge(turn, new Charge.Ended(job.tenant(), ESTIMATE, USED)));
    ended.incrementAndGet();
  }

  private Leases.Lease claimed(Job job) {
    Leases.Request request =
        new Leases.Request(new JobMessage(job, 0), "w", UUID.randomUUID().toString(), false);
    return ((Leases.Claim.Granted) await(redis.leases().claim(request))).lease();
  }

  @Test
  void what_was_given_before_a_wipe_does_no_harm_and_what_is_offered_after_it_is_found() {
    Turn before = await(redis.redis.laneOrder().next(Ask.any(Set.of(Jobs.POOL)))).orElseThrow();
    redis.loseEverything();
    await(redis.redis.laneOrder().charge(before, new Charge.Pulled("free", ESTIMATE)));
    await(redis.redis.laneOrder().charge(before, new Charge.Ended("free", ESTIMATE, USED)));
    await(redis.redis.laneOrder().emptied(before));

    Set<Lane> found = ConcurrentHashMap.newKeySet();
    for (Lane lane : Lane.of(Jobs.POOL)) {
      await(redis.redis.laneOrder().offered(lane, Share.UNKNOWN));
    }
    while (found.size() < Lane.of(Jobs.POOL).size()) {
      Turn turn = await(redis.redis.laneOrder().next(Ask.any(Set.of(Jobs.POOL)))).orElseThrow();
      found.add(turn.lane());
      await(redis.redis.laneOrder().emptied(turn));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(Lane.of(Jobs.POOL));
  }
}
