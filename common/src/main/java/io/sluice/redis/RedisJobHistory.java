package io.sluice.redis;

import io.sluice.JobHistory;
import io.sluice.JobId;
import io.sluice.Step;
import io.sluice.codec.StepCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Histories as a field of the record, which the scripts write that move a job. */
final class RedisJobHistory implements JobHistory {
  private final Scripts redis;

  RedisJobHistory(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<List<Step>> steps(JobId id, Optional<String> owner) {
    return redis
        .call(Script.HISTORY, id.value(), owner.orElse(""))
        .map(reply -> reply.isEmpty() ? List.of() : StepCodec.read(reply.text(0)));
  }
}
