package io.sluice.redis;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.codec.EndingCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Leases as scripts on the record. */
final class RedisLeases implements Leases {
  private final Scripts redis;

  RedisLeases(Scripts redis) {
    this.redis = redis;
  }

  /** The job itself, which may be large, is only sent where the store has lost its record. */
  @Override
  public Future<Claim> claim(Request request) {
    List<Object> arguments = arguments(request);
    return redis
        .call(Script.CLAIM, arguments.toArray())
        .compose(
            reply ->
                reply.text(0).equals("send_job")
                    ? redis.call(
                        Script.CLAIM,
                        Records.arguments(request.message().job(), arguments.toArray()))
                    : Future.succeededFuture(reply))
        .map(reply -> claim(request, reply));
  }

  private static List<Object> arguments(Request request) {
    Job job = request.message().job();
    return new ArrayList<>(
        List.of(
            job.id().value(),
            request.worker(),
            request.nonce(),
            request.continued() ? 1 : 0,
            LENGTH.toMillis(),
            MAX_LOSSES,
            request.message().attempt(),
            job.finishBy().toEpochMilli()));
  }

  private static Claim claim(Request request, Reply reply) {
    Job job = request.message().job();
    return switch (reply.text(0)) {
      case "granted" ->
          new Claim.Granted(
              new Lease(job.id(), request.worker(), reply.number(6)), Records.of(job, reply));
      case "held" -> new Claim.Held(reply.text(1), Duration.ofMillis(reply.number(2)));
      case "not_yet" -> new Claim.NotYet(Instant.ofEpochMilli(reply.number(1)));
      case "ended" -> new Claim.Ended(JobState.ofWireName(reply.text(1)));
      case "over" -> new Claim.Over(JobState.ofWireName(reply.text(1)));
      default -> throw reply.unknown();
    };
  }

  @Override
  public Future<Renewal> renew(Lease lease) {
    return redis
        .call(Script.RENEW, lease.id().value(), lease.fence(), LENGTH.toMillis())
        .map(reply -> Renewal.valueOf(word(reply)));
  }

  @Override
  public Future<Settled> requeue(Lease lease, Instant notBefore, Failure why) {
    return redis
        .call(
            Script.REQUEUE,
            lease.id().value(),
            lease.fence(),
            notBefore.toEpochMilli(),
            why.code().blame().name().toLowerCase(Locale.ROOT),
            why.code().wireName())
        .map(reply -> Settled.valueOf(word(reply)));
  }

  @Override
  public Future<Settled> finish(Lease lease, Ending ending) {
    return redis
        .call(
            Script.FINISH,
            lease.id().value(),
            lease.fence(),
            ending.state().wireName(),
            EndingCodec.write(ending),
            ending.usage().tokens(),
            ending.usage().completionTokens())
        .map(reply -> Settled.valueOf(word(reply)));
  }

  private static String word(Reply reply) {
    return reply.text(0).toUpperCase(Locale.ROOT);
  }
}
