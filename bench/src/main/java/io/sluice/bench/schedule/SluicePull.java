package io.sluice.bench.schedule;

import io.sluice.Cost;
import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.LaneOrder.Ask;
import io.sluice.LaneOrder.Charge;
import io.sluice.LaneOrder.Share;
import io.sluice.LaneOrder.Turn;
import io.sluice.Pool;
import io.sluice.embedded.FairLanes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Sluice: workers pull from the lanes that its scheduler names, and report what jobs cost. */
final class SluicePull implements Policy {
  private static final Pool POOL = Pool.parse("qwen3:14b");

  /** As a worker estimates: with the mean of the outputs that it has seen. */
  private static final double FIRST_MEAN = 256;

  private static final double KEPT = 0.9;
  private static final int MAX_OUTPUT_TOKENS = 4096;

  private final FairLanes lanes = new FairLanes();
  private final Map<String, Integer> weights;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Lane, Deque<SimJob>> queues = new HashMap<>();
  private final Map<Integer, Fare> running = new HashMap<>();
  private final Map<Kind, Double> outputs = new HashMap<>();
  private final Patience patience = new Patience();

  private record Fare(Turn turn, long estimate) {}

  private record Kind(int worker, JobClass jobClass) {}

  SluicePull(Map<String, Integer> weights) {
    this.weights = Map.copyOf(weights);
  }

  /** How long the first job of a lane waited for the lane's turn. */
  Patience patience() {
    return patience;
  }

  @Override
  public void arrived(SimJob job, long nowMs) {
    Lane lane = new Lane.Ready(POOL, job.jobClass(), number(job.tenant()));
    Deque<SimJob> queue = queues.computeIfAbsent(lane, first -> new ArrayDeque<>());
    if (queue.isEmpty()) {
      patience.waits(lane, nowMs);
    }
    queue.add(job);
    lanes.offered(
        lane,
        new Share(job.tenant(), weights.getOrDefault(job.tenant(), 1), OptionalInt.empty()),
        nowMs);
  }

  /** The lowest free one, as admission leases them; here nobody gives one back. */
  private int number(String tenant) {
    int ownMost = Lane.NUMBERS - Lane.SHARED;
    return numbers.computeIfAbsent(
        tenant,
        first ->
            numbers.size() < ownMost
                ? numbers.size()
                : ownMost + Math.floorMod(tenant.hashCode(), Lane.SHARED));
  }

  @Override
  public Optional<SimJob> pull(Slot slot, long nowMs) {
    Ask ask = new Ask(Set.of(POOL), slot.classes(), slot.keptFree());
    Optional<Turn> turn = lanes.next(ask, nowMs);
    while (turn.isPresent()) {
      Optional<SimJob> job = take(turn.get(), slot.worker(), nowMs);
      if (job.isPresent()) {
        return job;
      }
      lanes.emptied(turn.get(), nowMs);
      turn = lanes.next(ask, nowMs);
    }
    return Optional.empty();
  }

  private Optional<SimJob> take(Turn turn, int worker, long nowMs) {
    Deque<SimJob> queue = queues.getOrDefault(turn.lane(), new ArrayDeque<>());
    Optional<SimJob> pulled = Optional.ofNullable(queue.poll());
    pulled.ifPresent(
        job -> {
          patience.served(turn.lane(), !queue.isEmpty(), nowMs);
          double mean = outputs.getOrDefault(new Kind(worker, job.jobClass()), FIRST_MEAN);
          long output = Math.round(Math.min(MAX_OUTPUT_TOKENS, mean));
          long estimate = Math.round(job.bias() * Cost.of(job.promptTokens(), output));
          running.put(job.number(), new Fare(turn, estimate));
          lanes.charge(turn, new Charge.Pulled(job.tenant(), estimate), nowMs);
        });
    return pulled;
  }

  @Override
  public void ended(SimJob job, int worker, long nowMs) {
    Fare fare = running.remove(job.number());
    lanes.charge(fare.turn(), new Charge.Ended(job.tenant(), fare.estimate(), job.cost()), nowMs);
    outputs.merge(
        new Kind(worker, job.jobClass()),
        (double) job.outputTokens(),
        (old, fresh) -> KEPT * old + (1 - KEPT) * fresh);
  }
}
