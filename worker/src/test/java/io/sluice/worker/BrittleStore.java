package io.sluice.worker;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.JobEvent;
import io.sluice.JobEvents;
import io.sluice.JobId;
import io.sluice.Leases;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store that can be away, can lose its answers, and can be replaced by an empty one, as one that
 * lost everything is.
 */
final class BrittleStore implements Leases, JobEvents {
  private volatile Leases leases;
  private volatile JobEvents events;
  private volatile boolean away;
  private final AtomicInteger answersToLose = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  final AtomicInteger appends = new AtomicInteger();
  final AtomicInteger claims = new AtomicInteger();

  BrittleStore(Leases leases, JobEvents events) {
    this.leases = leases;
    this.events = events;
  }

  void isAway(boolean away) {
    this.away = away;
  }

  void loseAnswers(int count) {
    answersToLose.set(count);
  }

  void becomes(Leases otherLeases, JobEvents otherEvents) {
    leases = otherLeases;
    events = otherEvents;
  }

  private <T> Future<T> asked(Supplier<Future<T>> call) {
    if (away) {
      refused.incrementAndGet();
      return Future.failedFuture(new Unavailable("store", "the test took it away"));
    }
    Future<T> answer = call.get();
    if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return answer.transform(
          done -> Future.failedFuture(new Unavailable("store", "the test lost the answer")));
    }
    return answer;
  }

  @Override
  public Future<Claim> claim(Request request) {
    claims.incrementAndGet();
    return asked(() -> leases.claim(request));
  }

  @Override
  public Future<Renewal> renew(Lease lease) {
    return asked(() -> leases.renew(lease));
  }

  @Override
  public Future<Settled> requeue(Lease lease, Instant notBefore, Failure why) {
    return asked(() -> leases.requeue(lease, notBefore, why));
  }

  @Override
  public Future<Settled> finish(Lease lease, Ending ending) {
    return asked(() -> leases.finish(lease, ending));
  }

  @Override
  public Future<Append> append(Lease lease, long firstSeq, List<JobEvent> batch) {
    appends.incrementAndGet();
    return asked(() -> events.append(lease, firstSeq, batch));
  }

  @Override
  public Future<List<LoggedEvent>> read(JobId id, Position after, int limit) {
    return events.read(id, after, limit);
  }

  @Override
  public Subscription watch(JobId id, Runnable wake) {
    return events.watch(id, wake);
  }
}
