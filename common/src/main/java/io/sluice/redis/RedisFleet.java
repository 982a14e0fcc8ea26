package io.sluice.redis;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.WorkerReport;
import io.sluice.codec.ModelCodec;
import io.sluice.codec.WorkerCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Workers as keys that end by themselves, and an index of them. */
final class RedisFleet implements Fleet {
  private final Scripts redis;

  RedisFleet(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Optional<Wish>> announce(WorkerReport report, Duration life) {
    return redis
        .call(Script.ANNOUNCE, report.id(), WorkerCodec.write(report), life.toMillis())
        .map(reply -> wish(reply.text(0)));
  }

  private static Optional<Wish> wish(String text) {
    return text.isEmpty() ? Optional.empty() : WorkerCodec.readWish(text);
  }

  @Override
  public Future<Boolean> describe(String worker, List<ModelFacts> models) {
    return redis
        .call(Script.DESCRIBE, worker, ModelCodec.write(models))
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<Void> leave(String worker) {
    return redis.call(Script.LEAVE, worker).mapEmpty();
  }

  @Override
  public Future<List<Member>> all() {
    return redis
        .call(Script.WORKERS)
        .map(
            reply ->
                IntStream.range(0, reply.size())
                    .mapToObj(i -> member(reply.list(i)))
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(member -> member.report().id()))
                    .toList());
  }

  private static Optional<Member> member(Reply row) {
    return WorkerCodec.read(row.text(0))
        .map(
            report ->
                new Member(
                    report,
                    Instant.ofEpochMilli(row.number(1)),
                    wish(row.text(2)),
                    ModelCodec.read(row.text(3))));
  }

  @Override
  public Future<Boolean> wish(String worker, Wish wish) {
    return redis
        .call(Script.WISH, worker, WorkerCodec.write(wish))
        .map(reply -> reply.number(0) == 1);
  }
}
