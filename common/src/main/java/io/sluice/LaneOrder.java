package io.sluice;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which lane is pulled next, so that tenants and classes share by weight: a virtual token counter
 * (arXiv 2401.00588) for each ready lane, and one for each class of a pool. A hint, not a truth: it
 * names lanes that were offered and not found empty since, and never sends anybody over all of
 * them. What it forgets is offered again by whoever looks into the lanes (ten a second).
 *
 * <p>Retry lanes come before the ready lanes of their class. They are named without having been
 * offered too, since delayed messages enter them by themselves.
 *
 * <p>Charges are in virtual tokens ({@link Cost}). One that is lost or comes twice tilts the shares
 * by that one job, and nothing else.
 */
public interface LaneOrder {
  /** Virtual tokens of batch that interactive may be behind, in the units of batch's share. */
  long CREDIT = 50_000;

  /**
   * A message was published to this lane, or put back there: it is due now, and sleeping workers
   * wake. A lane that passes to another tenant starts without the former one's debt.
   */
  Future<Void> offered(Lane lane, Share share);

  /**
   * The lane to pull next, or nothing while no lane of these pools and classes is due. The lane is
   * charged the mean cost of its jobs at once, so that many workers that ask together are not all
   * sent to one lane; {@link #charge} or {@link #emptied} puts that right.
   *
   * <ul>
   *   <li>Of the classes the one with less service for its share: interactive 9, batch 1. What
   *       batch got while no interactive job waited counts as well: up to {@link #CREDIT} tokens of
   *       it interactive has to catch up with before batch goes next to it.
   *   <li>A slot that batch leaves free it gets only where interactive jobs wait, too, and batch is
   *       the one with less.
   *   <li>Of a class's ready lanes the one with the least service for its weight. A lane that comes
   *       back starts at the least of those that wait: time away earns nothing.
   *   <li>A lane of one tenant is passed over while that tenant runs as many jobs as it may, those
   *       included that got a turn and were not yet reported. What could not go keeps pace with
   *       what went instead: it earns nothing by that.
   *   <li>A lane that waited 60 seconds for a turn goes before all others, the oldest first; of a
   *       pool's turns at most every fourth, so that weights go on to count where jobs are slow.
   * </ul>
   */
  Future<Optional<Turn>> next(Ask ask);

  /**
   * The lane had nothing: its provisional charge is taken back, and it cools, for 250 ms at first
   * and then twice as long each time, up to 5 seconds; a ready lane that would cool longer is
   * forgotten until it is offered. An offer, or a job that is found there, begins anew. It does not
   * cool if something was offered there since the turn was given, nor twice for one turn.
   */
  Future<Void> emptied(Turn turn);

  /**
   * Corrects what a turn cost. Unknown lanes and tenants are ignored, and a lane that has passed to
   * another tenant since the turn does not pay for it.
   */
  Future<Void> charge(Turn turn, Charge charge);

  /**
   * Calls {@code wake} soon after something was offered in one of the pools. Wake-ups may be lost
   * or repeated: look once a second besides. {@code wake} must not block.
   */
  Subscription watch(Set<Pool> pools, Runnable wake);

  /**
   * The tenant whose job was offered.
   *
   * @param weight 1 to {@link Tenant#WEIGHT_MAX}: twice the weight is twice the share
   * @param runningMax how many of its jobs may run at the same time; applied to its own lanes only,
   *     not to shared ones
   */
  record Share(String tenant, int weight, OptionalInt runningMax) {
    /** Of whoever looked into a lane: what is known of its tenants stays as it is. */
    public static final Share UNKNOWN = new Share("", 1, OptionalInt.empty());

    public static Share of(Tenant tenant) {
      var most = tenant.limits().enforced(Limit.TENANT_RUNNING_JOBS);
      return new Share(
          tenant.name(),
          tenant.weight(),
          most.isPresent()
              ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, most.getAsLong()))
              : OptionalInt.empty());
    }
  }

  /**
   * What a worker could run now.
   *
   * @param pools those that it serves
   * @param classes those that it has room for
   * @param keptFree whether it asks for a slot that batch leaves free for interactive jobs
   */
  record Ask(Set<Pool> pools, Set<JobClass> classes, boolean keptFree) {
    public Ask(Set<Pool> pools, Set<JobClass> classes) {
      this(pools, classes, false);
    }

    public Ask {
      pools = Set.copyOf(pools);
      classes = Set.copyOf(classes);
    }

    /** Jobs of any class. */
    public static Ask any(Set<Pool> pools) {
      return new Ask(pools, Set.of(JobClass.values()));
    }
  }

  /**
   * A lane's turn to be pulled.
   *
   * @param stamp the adapter's mark of when it was given
   * @param charged what the lane was charged for it provisionally
   */
  record Turn(Lane lane, long stamp, long charged) {}

  /** What is known of the cost of a turn. */
  sealed interface Charge {
    String tenant();

    long estimate();

    /** A job was pulled and claimed, whatever the claim said: counts as running from now on. */
    record Pulled(String tenant, long estimate) implements Charge {}

    /**
     * What was pulled does not run any more, or never did.
     *
     * @param estimate the one that it was charged with as {@link Pulled}
     * @param used what it cost; 0 if it never ran
     */
    record Ended(String tenant, long estimate, long used) implements Charge {}
  }
}
