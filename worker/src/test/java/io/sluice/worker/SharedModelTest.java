package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Two pools of one model at one engine, which has one process for both. */
class SharedModelTest extends WorkerRig {
  private static final Pool WIDE = Pool.parse("qwen3:14b@16k");

  /** It hangs until it is unloaded; a probe that is under way meanwhile dies with its process. */
  private static final class OneProcess implements ModelServer {
    private final AtomicBoolean hangs = new AtomicBoolean(true);
    private final AtomicInteger process = new AtomicInteger();
    private final AtomicInteger probing = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();

    @Override
    public Generation start(Job job) {
      throw new IllegalStateException("no job is expected");
    }

    @Override
    public Optional<Failure> probe(Pool pool) {
      int mine = process.get();
      boolean hung = hangs.get();
      probing.incrementAndGet();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      probing.decrementAndGet();
      if (hung) {
        return Optional.of(new Failure(FailureCode.FIRST_TOKEN_TIMEOUT, "it hangs"));
      }
      return process.get() == mine ? Optional.empty() : Optional.of(CRASHED);
    }

    @Override
    public Unloading unload(Pool pool, Duration within) {
      killed.addAndGet(probing.get());
      process.incrementAndGet();
      hangs.set(false);
      return new Unloading.Gone();
    }

    @Override
    public List<String> models(Duration within) {
      return List.of();
    }
  }

  @Test
  void what_one_pool_unloads_is_not_taken_from_under_the_probe_of_the_other() {
    OneProcess engine = new OneProcess();
    start(
        List.of(new EngineConfig("engine-1", engine, 2)),
        WorkerConfig.of("worker-1", Set.of(POOL, WIDE)).with(config().pace()));
    eventually(() -> assertThat(worker.gauges().ready()).containsExactlyInAnyOrder(POOL, WIDE));
    assertThat(engine.killed).hasValue(0);
    assertThat(engine.process).as("unloaded once for both").hasValue(1);
  }
}
