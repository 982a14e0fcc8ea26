package io.sluice;

import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is owed to webhooks. That a delivery is owed is written in the step that ends the job,
 * however it ends, so that no crash between the end and the delivery loses it; any gateway may take
 * it, and has it under a lease. So every end is told at least once, while its record lives.
 *
 * <p>Tenants are served in turn, and the targets of a tenant in turn, so that neither a tenant with
 * much to tell nor a target that does not answer holds up others.
 */
public interface Webhooks {
  /** What was taken and not settled comes again after this. */
  Duration LEASE = Duration.ofSeconds(60);

  /** How long after its end, or after it was asked for again, an owed delivery is kept. */
  Duration KEPT = Duration.ofHours(72);

  /** The most that one gateway has in hand of one tenant. */
  int TENANT_MAX = 8;

  /** The most that one gateway has in hand of one target of a tenant. */
  int TARGET_MAX = 4;

  /** The most that one call takes. */
  int TAKEN_MAX = 100;

  /**
   * Takes deliveries that are due, each for {@link #LEASE}.
   *
   * @param most 1 to {@link #TAKEN_MAX}
   * @param inHand what the caller has in hand already
   */
  Future<List<Owed>> take(int most, InHand inHand);

  /**
   * Writes down what became of a try. Idempotent.
   *
   * @return false if the lease was over and somebody else has it, or there is no record
   */
  Future<Boolean> settle(Owed owed, Tried tried);

  /**
   * The job's end is owed once more, as if it had ended now, whatever became of it before. One that
   * is on its way is left to who has it.
   *
   * @return false if there is no such job, it has no webhook, or has not ended
   */
  Future<Boolean> again(JobId id);

  /** Where a webhook leads to: scheme, host and port, always with the port. */
  static String origin(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }

  /**
   * What shares its turns.
   *
   * @param origin as {@link #origin} says it
   */
  record Target(String tenant, String origin) {}

  /** How many deliveries of each tenant and target a gateway has in hand. */
  record InHand(Map<String, Integer> ofTenants, Map<Target, Integer> ofTargets) {
    public static final InHand NOTHING = new InHand(Map.of(), Map.of());

    public InHand {
      ofTenants = Map.copyOf(ofTenants);
      ofTargets = Map.copyOf(ofTargets);
    }
  }

  /**
   * A delivery that was taken.
   *
   * @param lease tells this taking from later ones of the same delivery
   */
  record Owed(JobId id, Target target, long lease) {}

  /** What became of a try: a closed choice. */
  sealed interface Tried {
    record Delivered(int status) implements Tried {}

    /**
     * It will be tried again.
     *
     * @param status of the answer, where there was one
     * @param problem a word
     * @param in not before this time has passed
     */
    record Retry(Optional<Integer> status, String problem, Duration in) implements Tried {}

    /** It is given up. */
    record Failed(Optional<Integer> status, String problem) implements Tried {}

    /** There was no try, on the gateway's own account; it does not count. */
    record NotTried(Duration in) implements Tried {}
  }
}
