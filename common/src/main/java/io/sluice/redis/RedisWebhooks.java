package io.sluice.redis;

import io.sluice.JobId;
import io.sluice.Webhooks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is owed to webhooks as sorted sets: of tenants, of their targets, and of the jobs there. */
final class RedisWebhooks implements Webhooks {
  private static final int VALUES = 4;

  private final Scripts redis;

  RedisWebhooks(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<List<Owed>> take(int most, InHand inHand) {
    List<Object> arguments = new ArrayList<>(List.of(Math.min(most, TAKEN_MAX), LEASE.toMillis()));
    arguments.addAll(List.of(TENANT_MAX, TARGET_MAX));
    inHand.ofTenants().forEach((tenant, count) -> arguments.addAll(List.of(tenant, count)));
    inHand
        .ofTargets()
        .forEach((it, count) -> arguments.addAll(List.of(it.tenant() + " " + it.origin(), count)));
    return redis.call(Script.TAKE_HOOKS, arguments.toArray()).map(RedisWebhooks::owed);
  }

  private static List<Owed> owed(Reply reply) {
    List<Owed> owed = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += VALUES) {
      owed.add(
          new Owed(
              new JobId(reply.text(i)),
              new Target(reply.text(i + 1), reply.text(i + 2)),
              reply.number(i + 3)));
    }
    return owed;
  }

  @Override
  public Future<Boolean> settle(Owed owed, Tried tried) {
    return switch (tried) {
      case Tried.Delivered(int status) ->
          settle(owed, "delivered", Duration.ZERO, Optional.of(status), Optional.empty());
      case Tried.Failed(Optional<Integer> status, String problem) ->
          settle(owed, "failed", Duration.ZERO, status, Optional.of(problem));
      case Tried.Retry(Optional<Integer> status, String problem, Duration in) ->
          settle(owed, "retry", in, status, Optional.of(problem));
      case Tried.NotTried(Duration in) ->
          settle(owed, "not_tried", in, Optional.empty(), Optional.empty());
    };
  }

  private Future<Boolean> settle(
      Owed owed, String what, Duration in, Optional<Integer> status, Optional<String> problem) {
    return redis
        .call(
            Script.SETTLE_HOOK,
            owed.id().value(),
            owed.lease(),
            what,
            in.toMillis(),
            status.map(String::valueOf).orElse(""),
            problem.orElse(""))
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Boolean> again(JobId id) {
    return redis.call(Script.REDELIVER, id.value()).map(reply -> reply.number(0) == 1);
  }
}
