package io.sluice.embedded;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.WorkerReport;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The workers of this process, which know nothing of the last one's. */
final class InProcessFleet implements Fleet {
  private final InstantSource clock;

  /** Guarded by this. */
  private final Map<String, Known> workers = new TreeMap<>();

  InProcessFleet(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Future<Optional<Wish>> announce(WorkerReport report, Duration life) {
    forgetEnded();
    Instant now = clock.instant();
    Optional<Member> before = Optional.ofNullable(workers.get(report.id())).map(Known::member);
    Optional<Wish> wish = before.flatMap(Member::wish);
    List<ModelFacts> models = before.map(Member::models).orElse(List.of());
    workers.put(report.id(), new Known(new Member(report, now, wish, models), now.plus(life)));
    return Future.succeededFuture(wish);
  }

  @Override
  public synchronized Future<Boolean> describe(String worker, List<ModelFacts> models) {
    forgetEnded();
    return Future.succeededFuture(
        workers.computeIfPresent(worker, (id, known) -> known.describing(models)) != null);
  }

  @Override
  public synchronized Future<Void> leave(String worker) {
    workers.remove(worker);
    return Future.succeededFuture();
  }

  @Override
  public synchronized Future<List<Member>> all() {
    forgetEnded();
    return Future.succeededFuture(workers.values().stream().map(Known::member).toList());
  }

  @Override
  public synchronized Future<Boolean> wish(String worker, Wish wish) {
    forgetEnded();
    return Future.succeededFuture(
        workers.computeIfPresent(worker, (id, known) -> known.wishing(wish)) != null);
  }

  private void forgetEnded() {
    Instant now = clock.instant();
    workers.values().removeIf(known -> !known.until().isAfter(now));
  }

  private record Known(Member member, Instant until) {
    Known wishing(Wish wish) {
      return new Known(
          new Member(member.report(), member.seenAt(), Optional.of(wish), member.models()), until);
    }

    Known describing(List<ModelFacts> models) {
      return new Known(new Member(member.report(), member.seenAt(), member.wish(), models), until);
    }
  }
}
