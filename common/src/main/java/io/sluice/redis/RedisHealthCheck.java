package io.sluice.redis;

import io.sluice.HealthCheck;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Whether Redis answers, and is set up to keep what it is given. */
final class RedisHealthCheck implements HealthCheck {
  private final Connection redis;

  RedisHealthCheck(Connection redis) {
    this.redis = redis;
  }

  @Override
  public String name() {
    return Errors.PART;
  }

  @Override
  public Future<Void> check() {
    return redis.call(Script.CHECK).compose(reply -> verdict(problems(reply)));
  }

  static List<String> problems(Reply reply) {
    List<String> problems = new ArrayList<>();
    if (!reply.text(0).equals("1")) {
      problems.add("appendonly is off, set 'appendonly yes'");
    }
    if (!reply.text(1).equals("noeviction")) {
      problems.add("maxmemory-policy is " + reply.text(1) + ", set 'maxmemory-policy noeviction'");
    }
    if (reply.text(2).equals("err")) {
      problems.add("the append-only file cannot be written");
    }
    return problems;
  }

  private static Future<Void> verdict(List<String> problems) {
    return problems.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(
            new Unavailable(Errors.PART, "Redis would lose jobs: " + String.join("; ", problems)));
  }
}
