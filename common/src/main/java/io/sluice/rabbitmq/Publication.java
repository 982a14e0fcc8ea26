package io.sluice.rabbitmq;

import io.sluice.JobQueue.Publish;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A message on its way to the broker. It ends once: by an answer, a loss, or its deadline. */
final class Publication {
  /**
   * What is sent.
   *
   * @param life how long it stays in its queue, where the queue has no shorter one for all
   * @param body made on the publisher's thread, since a large one takes its time
   * @param bytesAbout the memory that it takes meanwhile
   */
  record Parcel(
      Topology.Route route,
      String messageId,
      Map<String, Object> headers,
      Optional<Duration> life,
      Supplier<byte[]> body,
      int bytesAbout) {}

  private enum State {
    WAITING,
    SENT,
    ENDED
  }

  private final Parcel parcel;
  private final boolean patient;
  private final long deadlineNanos;
  private final Reply<Publish> reply = new Reply<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile Runnable whenEnded = () -> {};
  private volatile ScheduledFuture<?> alarm;
  private volatile boolean returned;

  /**
   * @param patient whether it waits for a broker that is away or takes nothing
   */
  Publication(Parcel parcel, boolean patient, long withinNanos) {
    this.parcel = parcel;
    this.patient = patient;
    this.deadlineNanos = System.nanoTime() + withinNanos;
  }

  Parcel parcel() {
    return parcel;
  }

  boolean isPatient() {
    return patient;
  }

  Future<Publish> future() {
    return reply.future();
  }

  void alarm(ScheduledFuture<?> timer) {
    alarm = timer;
  }

  long nanosLeft() {
    return deadlineNanos - System.nanoTime();
  }

  long millisLeft() {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanosLeft()));
  }

  boolean isWaiting() {
    return state.get() == State.WAITING;
  }

  /** From here on it may be stored. Refused if it has ended. */
  boolean send(Runnable whenEnded) {
    this.whenEnded = whenEnded;
    return state.compareAndSet(State.WAITING, State.SENT);
  }

  /** The broker had no queue for it; its confirm, which still comes, means nothing. */
  void returned() {
    returned = true;
  }

  void confirmed() {
    end(returned ? Publish.REFUSED : Publish.CONFIRMED);
  }

  void refused() {
    end(Publish.REFUSED);
  }

  void unknown() {
    end(Publish.UNKNOWN);
  }

  /** It was certainly not sent, since there is nobody to send it to. */
  void unavailable(String why) {
    if (ended() != State.ENDED) {
      reply.fail(new Unavailable("queue", why));
    }
  }

  /** The deadline has come: what was not sent is certainly not stored. */
  void expire() {
    State before = ended();
    if (before != State.ENDED) {
      reply.succeed(before == State.SENT ? Publish.UNKNOWN : Publish.REFUSED);
    }
  }

  private void end(Publish result) {
    if (ended() != State.ENDED) {
      reply.succeed(result);
    }
  }

  private State ended() {
    State before = state.getAndSet(State.ENDED);
    if (before != State.ENDED) {
      ScheduledFuture<?> timer = alarm;
      if (timer != null) {
        timer.cancel(false);
      }
      whenEnded.run();
    }
    return before;
  }
}
