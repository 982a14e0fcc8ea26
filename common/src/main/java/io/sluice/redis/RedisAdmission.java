package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.Limit;
import io.sluice.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Admission as one script. */
final class RedisAdmission implements Admission {
  private static final int MARKS_PER_CALL = 500;

  /** How soon places come free is not known here; the bound counts thousands of jobs. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Connection redis;
  private final Bounds bounds;

  RedisAdmission(Connection redis, Bounds bounds) {
    this.redis = redis;
    this.bounds = bounds;
  }

  @Override
  public Future<Decision> admit(Job job, Limits limits) {
    return redis
        .call(
            Script.ADMIT,
            Records.arguments(
                job, job.id().value(), bounds.waitingPerTenant(), bounds.waitingInTotal()))
        .map(this::decision);
  }

  private Decision decision(Reply reply) {
    return switch (reply.text(0)) {
      case "admitted" -> new Decision.Admitted(Standing.NONE);
      case "replayed" -> new Decision.Replayed(Records.withJob(reply));
      case "reused" -> new Decision.KeyReused(new JobId(reply.text(1)));
      case "refused" -> refused(reply.text(1));
      default -> throw reply.unknown();
    };
  }

  private Decision refused(String bound) {
    return bound.equals("tenant")
        ? full(Limit.TENANT_WAITING_JOBS, bounds.waitingPerTenant())
        : full(Limit.WAITING_JOBS, bounds.waitingInTotal());
  }

  private static Decision full(Limit limit, int bound) {
    Level level =
        new Level(limit, bound, 0, RETRY_AFTER, Verdict.EXCEEDED, Optional.of(RETRY_AFTER));
    return new Decision.Refused(new Standing(List.of(level), Duration.ZERO, 0));
  }

  @Override
  public Future<Void> published(Collection<JobId> ids) {
    List<Future<Reply>> calls = new ArrayList<>();
    List<String> all = ids.stream().map(JobId::value).toList();
    for (int from = 0; from < all.size(); from += MARKS_PER_CALL) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MARKS_PER_CALL));
      calls.add(redis.call(Script.PUBLISHED, some.toArray()));
    }
    return Future.all(calls).mapEmpty();
  }

  @Override
  public Future<Void> undo(JobId id) {
    return redis.call(Script.UNDO, id.value()).mapEmpty();
  }

  @Override
  public Future<Integer> refundUnpublished(Duration age, int limit) {
    return redis
        .call(Script.REFUND, age.toMillis(), Math.min(limit, RedisJobStore.LOOKS_PER_CALL))
        .map(reply -> (int) reply.number(0));
  }
}
