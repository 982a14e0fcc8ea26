package io.sluice.gateway.submit;

import io.sluice.Admission;
import io.sluice.JobId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admissions that the store did not answer in time. It may have decided all the same, or do so when
 * it comes back, and nobody will publish the job: so each is undone, twice, since the first undo
 * may overtake the admission itself. What is lost with the process is refunded like any unpublished
 * record. Safe from any thread.
 */
public final class Unanswered {
  private static final Logger LOG = LoggerFactory.getLogger(Unanswered.class);
  private static final int WAITING_MAX = 10_000;
  private static final int ROUND_MAX = 500;
  private static final int UNDOS = 2;

  private final Admission admission;
  private final ConcurrentLinkedQueue<Undo> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  private record Undo(JobId id, int times) {}

  public Unanswered(Admission admission) {
    this.admission = admission;
  }

  void add(JobId id) {
    add(new Undo(id, UNDOS));
  }

  private void add(Undo undo) {
    if (size.incrementAndGet() > WAITING_MAX) {
      size.decrementAndGet();
      LOG.debug("{} is left to the refund of unpublished records", undo.id());
      return;
    }
    waiting.add(undo);
  }

  /** Undoes some of them; none is lost while the store is away. Never two at once. */
  public Future<Void> undo() {
    List<Undo> some = take();
    if (some.isEmpty()) {
      return Future.succeededFuture();
    }
    // The first finds out whether the store is there.
    return undo(some.getFirst())
        .transform(
            first -> {
              List<Undo> others = some.subList(1, some.size());
              if (first.failed()) {
                others.forEach(this::add);
                return Future.succeededFuture();
              }
              return Future.join(others.stream().map(this::undo).toList()).otherwiseEmpty();
            })
        .mapEmpty();
  }

  private Future<Void> undo(Undo undo) {
    return admission
        .undo(undo.id())
        .onFailure(away -> add(undo))
        .onSuccess(
            done -> {
              if (undo.times() > 1) {
                add(new Undo(undo.id(), undo.times() - 1));
              }
            });
  }

  private List<Undo> take() {
    List<Undo> some = new ArrayList<>();
    while (some.size() < ROUND_MAX) {
      Undo next = waiting.poll();
      if (next == null) {
        break;
      }
      size.decrementAndGet();
      some.add(next);
    }
    return some;
  }
}
