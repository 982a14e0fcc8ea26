package io.sluice.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.Cached;
import io.sluice.Delivery;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.JobState;
import io.sluice.Lane;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;

/** What the gateway counts and times. Names start with {@code sluice_gateway_}. */
final class Metrics implements JobListener {
  private final MeterRegistry meters;

  Metrics(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void submitted(Job job) {
    meters
        .counter(
            "sluice.gateway.jobs.submitted",
            "pool",
            job.pool().toString(),
            "class",
            job.jobClass().wireName())
        .increment();
  }

  @Override
  public void refused(String tenant, String code) {
    meters.counter("sluice.gateway.jobs.refused", "code", code).increment();
  }

  @Override
  public void ended(JobId id, JobState state) {
    meters.counter("sluice.gateway.jobs.ended", "state", state.wireName()).increment();
  }

  @Override
  public void missed(Job job) {
    shared("missed");
  }

  @Override
  public void answered(JobId id, Cached.How how, int savedTokens) {
    shared(how.wireName());
    meters
        .counter("sluice.gateway.cache.saved.tokens", "result", how.wireName())
        .increment(savedTokens);
  }

  private void shared(String result) {
    meters.counter("sluice.gateway.cache.jobs", "result", result).increment();
  }

  /** Every request but the streams and those that are held for their jobs, by route and status. */
  void time(RoutingContext http) {
    Timer.Sample sample = Timer.start(meters);
    http.addEndHandler(
        done -> {
          String route = http.currentRoute() == null ? null : http.currentRoute().getPath();
          if (!Untimed.is(http) && (route == null || !route.endsWith("/events"))) {
            sample.stop(
                meters.timer(
                    "sluice.gateway.http",
                    "method",
                    http.request().method().name(),
                    "route",
                    route == null ? "none" : route,
                    "status",
                    String.valueOf(http.response().getStatusCode())));
          }
        });
    http.next();
  }

  /** The same queue, with its publications timed by their answers. */
  JobQueue timed(JobQueue queue) {
    return new TimedQueue(queue, meters);
  }

  private record TimedQueue(JobQueue queue, MeterRegistry meters) implements JobQueue {
    @Override
    public Future<Publish> publish(Lane lane, JobMessage message) {
      Timer.Sample sample = Timer.start(meters);
      return queue.publish(lane, message).onComplete(done -> sample.stop(timer(done)));
    }

    private Timer timer(AsyncResult<Publish> done) {
      String answer = done.succeeded() ? done.result().name() : "FAILED";
      return meters.timer("sluice.gateway.publish", "answer", answer.toLowerCase(Locale.ROOT));
    }

    @Override
    public Future<Optional<Delivery>> pull(Lane lane) {
      return queue.pull(lane);
    }

    @Override
    public Future<Long> waiting(Lane lane) {
      return queue.waiting(lane);
    }
  }
}
