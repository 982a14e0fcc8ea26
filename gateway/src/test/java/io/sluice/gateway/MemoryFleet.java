package io.sluice.gateway;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.WorkerReport;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A fleet in memory, which may be away. */
final class MemoryFleet implements Fleet {
  volatile boolean away;
  final AtomicInteger asked = new AtomicInteger();

  /** Guarded by this. */
  private final Map<String, Member> members = new TreeMap<>();

  /** A worker that serves, as it would tell of itself. */
  static WorkerReport serving(String id, Pool pool) {
    return new WorkerReport(
        id,
        "gpu-1",
        "1.2.3",
        List.of(pool),
        List.of(new WorkerReport.Engine("localhost:11434", 4, 2, List.of(pool))),
        WorkerReport.State.SERVING,
        3,
        Instant.ofEpochSecond(1_700_000_000));
  }

  @Override
  public Future<Optional<Wish>> announce(WorkerReport report, Duration life) {
    return answer(
        () -> {
          Optional<Member> before = Optional.ofNullable(members.get(report.id()));
          Optional<Wish> wish = before.flatMap(Member::wish);
          List<ModelFacts> models = before.map(Member::models).orElse(List.of());
          members.put(report.id(), new Member(report, Instant.now(), wish, models));
          return wish;
        });
  }

  @Override
  public Future<Boolean> describe(String worker, List<ModelFacts> models) {
    return answer(
        () ->
            members.computeIfPresent(
                    worker,
                    (id, member) ->
                        new Member(member.report(), member.seenAt(), member.wish(), models))
                != null);
  }

  @Override
  public Future<Void> leave(String worker) {
    return answer(
        () -> {
          members.remove(worker);
          return null;
        });
  }

  @Override
  public Future<List<Member>> all() {
    asked.incrementAndGet();
    return answer(() -> List.copyOf(members.values()));
  }

  @Override
  public Future<Boolean> wish(String worker, Wish wish) {
    return answer(
        () ->
            members.computeIfPresent(
                    worker,
                    (id, member) ->
                        new Member(
                            member.report(), member.seenAt(), Optional.of(wish), member.models()))
                != null);
  }

  private synchronized <T> Future<T> answer(Supplier<T> answer) {
    return away
        ? Future.failedFuture(new Unavailable("store", "away"))
        : Future.succeededFuture(answer.get());
  }
}
