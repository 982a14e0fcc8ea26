package io.sluice.gateway.held;

import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.Subscription;
import io.sluice.gateway.Intake;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.connection.IdleGuard;
import io.sluice.gateway.held.HeldMeters.Outcome;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * One client that waits for one job: what it takes up meanwhile, and everything that ends its wait
 * before the job does. It ends once. Belongs to the context of the request; keeps nothing of the
 * job but its id.
 */
final class Hold {
  /** The store ends what is not done in time; this is for when nobody tells. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final HeldRequests.Keeper keeper;
  private final RoutingContext http;
  private final String surface;
  private final JobId id;
  private final boolean keyed;
  private final boolean replayed;
  private final Duration longest;
  private final Context context;
  private Subscription place = () -> {};
  private Subscription idle = () -> {};
  private Subscription caution = () -> {};
  private long deadline;
  private BiConsumer<Outcome, Problem> fail = (outcome, why) -> {};
  private Runnable release = () -> {};
  private boolean over;

  Hold(
      HeldRequests.Keeper keeper,
      RoutingContext http,
      String surface,
      Intake.Accepted accepted,
      Subscription place) {
    JobRecord record = accepted.record();
    this.keeper = keeper;
    this.http = http;
    this.surface = surface;
    this.id = record.id();
    this.keyed = record.job().idempotency().isPresent();
    this.replayed = accepted.replayed();
    this.longest = Duration.between(keeper.clock().instant(), record.job().finishBy()).plus(GRACE);
    this.context = keeper.vertx().getOrCreateContext();
    this.place = place;
  }

  JobId id() {
    return id;
  }

  String surface() {
    return surface;
  }

  /** Whether an earlier request made the job. */
  boolean isReplayed() {
    return replayed;
  }

  boolean isOver() {
    return over;
  }

  /**
   * Begins the wait.
   *
   * @param fail tells the client why it waits in vain; the hold has ended then
   * @param release is called once, at the end, whatever ended it
   */
  void begin(Client client, Runnable release, BiConsumer<Outcome, Problem> fail) {
    this.release = release;
    this.fail = fail;
    keeper.meters().begun();
    keeper.withdrawals().enter(id);
    idle = IdleGuard.hold(http.request());
    caution = keeper.callers().add(Caller.of(http), this::dismiss);
    deadline = keeper.vertx().setTimer(Math.max(1, longest.toMillis()), late -> late());
    client.whenGone(this::dropped);
  }

  /** The gateway goes. From any thread. */
  void leave() {
    context.runOnContext(
        here ->
            giveUp(
                Outcome.STOPPED,
                ProblemCode.STOPPING
                    .with("The gateway is being stopped. Ask again.")
                    .retryAfter(RETRY_AFTER),
                !keyed));
  }

  private void dismiss(Problem why) {
    context.runOnContext(here -> giveUp(Outcome.DISMISSED, why, true));
  }

  private void late() {
    giveUp(
        Outcome.LATE,
        ProblemCode.ENGINE_TIMEOUT.with("Nothing was heard of the job until after its time."),
        true);
  }

  /** The answer broke off and cannot be mended. */
  void interrupted() {
    giveUp(
        Outcome.INTERRUPTED,
        ProblemCode.ANSWER_INTERRUPTED.with(
            "The worker was lost in the middle of the answer: what was sent is not whole. Ask"
                + " again."),
        true);
  }

  private void giveUp(Outcome outcome, Problem why, boolean withdraw) {
    if (end(outcome)) {
      if (withdraw) {
        keeper.withdrawals().end(http, id);
      }
      fail.accept(outcome, why);
    }
  }

  private void dropped() {
    if (end(Outcome.DROPPED)) {
      keeper.withdrawals().end(http, id);
    }
  }

  /** The job has ended, and so has the wait; false where that had ended before. */
  boolean end(Outcome outcome) {
    if (over) {
      return false;
    }
    over = true;
    keeper.vertx().cancelTimer(deadline);
    caution.close();
    idle.close();
    place.close();
    keeper.withdrawals().leave(id);
    keeper.meters().ended(surface, outcome);
    release.run();
    return true;
  }
}
