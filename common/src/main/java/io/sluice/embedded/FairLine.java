package io.sluice.embedded;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.LaneOrder.Share;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The lanes of one class of a pool. */
final class FairLine {
  private static final int LAST_MAX = 10_000;
  private static final long RUN_MS = 24L * 60 * 60 * 1000;

  final JobClass jobClass;
  final FairLane retry = new FairLane();

  /** Service that the class got for its share. */
  double counter;

  private final Map<Integer, FairLane> ready = new TreeMap<>();

  /** The lane in which a job of a tenant was offered last. */
  private final Map<String, Integer> last =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > LAST_MAX;
        }
      };

  /**
   * Stamps of turns that were given, and of those that were charged, by when they are forgotten.
   */
  private final Map<Long, Long> given = new HashMap<>();

  private final Map<Long, Long> charged = new HashMap<>();

  /** The counter that the lane of the last turn had before it. */
  private double floor;

  FairLine(JobClass jobClass) {
    this.jobClass = jobClass;
  }

  FairLane ready(int number) {
    return ready.computeIfAbsent(number, first -> new FairLane());
  }

  private Stream<Map.Entry<Integer, FairLane>> indexed() {
    return ready.entrySet().stream().filter(each -> each.getValue().isIndexed);
  }

  boolean isActive() {
    return indexed().findAny().isPresent();
  }

  private double leastBut(FairLane lane) {
    return indexed()
        .map(Map.Entry::getValue)
        .filter(each -> each != lane)
        .mapToDouble(each -> each.counter)
        .min()
        .orElse(floor);
  }

  void offered(Lane.Ready offered, Share share, long now, FairLine other) {
    FairLane lane = ready(offered.number());
    if (!share.tenant().isEmpty()) {
      lead(lane, offered, share);
    }
    if (!lane.isIndexed) {
      lane.counter = Math.max(lane.counter, leastBut(lane));
      if (!isActive() && other.isActive()) {
        keepPace(other);
      }
      lane.waitsSince = now;
      lane.isIndexed = true;
    }
  }

  private void lead(FairLane lane, Lane.Ready offered, Share share) {
    if (!offered.isShared()) {
      if (!lane.tenants.isEmpty() && !lane.tenants.containsKey(share.tenant())) {
        lane.pass(leastBut(lane));
      }
      lane.isOwn = true;
      lane.tenants.clear();
      lane.tenants.put(share.tenant(), share.weight());
      lane.runningMax = share.runningMax();
    } else {
      lane.share(share.tenant(), share.weight());
    }
    last.put(share.tenant(), offered.number());
  }

  /** The lane that has waited longest since before {@code since}. */
  Optional<Integer> aged(long since, Predicate<FairLane> mayGo) {
    return indexed()
        .filter(each -> each.getValue().waitsSince <= since && mayGo.test(each.getValue()))
        .min(
            Comparator.comparingLong(
                (Map.Entry<Integer, FairLane> each) -> each.getValue().waitsSince))
        .map(Map.Entry::getKey);
  }

  Optional<Integer> leastServed(Predicate<FairLane> mayGo) {
    return indexed()
        .filter(each -> mayGo.test(each.getValue()))
        .min(
            Comparator.comparingDouble(
                (Map.Entry<Integer, FairLane> each) -> each.getValue().counter))
        .map(Map.Entry::getKey);
  }

  /** Had less service than the other class, and nothing that could go: it earns little by that. */
  void keepPace(FairLine other) {
    long credit = jobClass == JobClass.INTERACTIVE ? LaneOrder.CREDIT : 0;
    counter = Math.max(counter, other == this ? counter : other.counter - credit);
  }

  /** Lanes that could not go although they had less service earn nothing by that. */
  void keepPace(Lane goes) {
    if (goes instanceof Lane.Ready served) {
      double least = ready(served.number()).counter;
      indexed().forEach(each -> each.getValue().counter = Math.max(each.getValue().counter, least));
    }
  }

  /** A ready lane gets a turn; returns its provisional charge. */
  long turn(int number, long now) {
    FairLane lane = ready(number);
    long expected = lane.expected();
    floor = lane.counter;
    serve(Optional.of(lane), expected);
    lane.waitsSince = now;
    return expected;
  }

  void give(long stamp, long now, long untilMs) {
    given.values().removeIf(until -> until <= now);
    charged.values().removeIf(until -> until <= now);
    given.put(stamp, untilMs);
  }

  /** Whether the turn was given and not yet reported. */
  boolean endGiven(long stamp) {
    return given.remove(stamp) != null;
  }

  void isCharged(long stamp, long now) {
    charged.put(stamp, now + RUN_MS);
  }

  boolean endCharged(long stamp) {
    return charged.remove(stamp) != null;
  }

  /** The lane that a job of the tenant is charged to, where a retry lane was pulled. */
  Optional<FairLane> lastOf(String tenant) {
    return Optional.ofNullable(last.get(tenant))
        .map(this::ready)
        .filter(lane -> lane.isSharedOr(tenant));
  }

  void serve(Optional<FairLane> lane, double amount) {
    counter = Math.max(0, counter + amount / (jobClass == JobClass.INTERACTIVE ? 9 : 1));
    lane.ifPresent(it -> it.serve(amount));
  }
}
