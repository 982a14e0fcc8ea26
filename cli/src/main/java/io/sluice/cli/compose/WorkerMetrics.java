package io.sluice.cli.compose;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobListener;
import io.sluice.JobRecord;
import io.sluice.Pool;
import io.sluice.worker.Worker;
import java.time.Duration;
import java.util.Locale;

/** What a worker counts and times. Names start with {@code sluice_worker_}. */
final class WorkerMetrics implements JobListener {
  private final MeterRegistry meters;

  WorkerMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Shows what the worker is doing, whenever somebody looks. */
  void watch(Worker worker) {
    meters.gauge("sluice.worker.slots", worker, one -> one.gauges().slots());
    meters.gauge("sluice.worker.slots.most", worker, one -> one.gauges().slotsMost());
    meters.gauge("sluice.worker.slots.busy", worker, one -> one.gauges().busy());
    meters.gauge("sluice.worker.slots.left.free", worker, one -> one.gauges().leftFree());
    meters.gauge("sluice.worker.serving", worker, one -> one.isServing() ? 1.0 : 0.0);
    meters.gauge("sluice.worker.parked", worker, one -> one.gauges().parked());
    meters.gauge(
        "sluice.worker.engine.ready", worker, one -> one.gauges().engineReady() ? 1.0 : 0.0);
    EngineMetrics.watch(worker, meters);
  }

  @Override
  public void placed(Job job, Warmth warmth) {
    meters
        .counter(
            "sluice.worker.turns",
            "pool",
            pool(job),
            "cache",
            warmth.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  @Override
  public void started(JobRecord record, Duration waited) {
    Job job = record.job();
    meters.timer("sluice.worker.waited", "pool", pool(job)).record(waited);
  }

  @Override
  public void firstToken(Job job, Duration after) {
    meters.timer("sluice.worker.first.token", "pool", pool(job)).record(after);
  }

  @Override
  public void retried(Job job, int attempt, Failure why) {
    meters.counter("sluice.worker.retries", "code", why.code().wireName()).increment();
  }

  @Override
  public void unserved(String engine, Pool pool, Failure why) {
    meters
        .counter(
            "sluice.worker.engine.opened",
            "engine",
            engine,
            "pool",
            pool.toString(),
            "reason",
            why.code().wireName())
        .increment();
  }

  @Override
  public void ended(Job job, int attempt, Ending ending, Duration ran) {
    meters
        .timer("sluice.worker.ran", "pool", pool(job), "state", ending.state().wireName())
        .record(ran);
    meters
        .counter("sluice.worker.tokens", "pool", pool(job), "kind", "prompt")
        .increment(ending.usage().promptTokens());
    meters
        .counter("sluice.worker.tokens", "pool", pool(job), "kind", "completion")
        .increment(ending.usage().completionTokens());
  }

  private static String pool(Job job) {
    return job.pool().toString();
  }
}
