package io.sluice.worker;

import io.sluice.JobClass;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of a model server, as many as an {@link AimdLimit} says. Safe from any thread; never
 * blocks.
 */
final class AdaptiveSlots {
  private static final Logger LOG = LoggerFactory.getLogger(AdaptiveSlots.class);

  private final String engine;
  private final Slots slots;

  // Guarded by this.
  private final AimdLimit limit;
  private final Map<SlotTrouble, Long> lowered = new EnumMap<>(SlotTrouble.class);

  /**
   * @param engine what the server is called
   */
  AdaptiveSlots(String engine, int most, InstantSource clock) {
    this.engine = engine;
    this.slots = new Slots(most);
    this.limit = new AimdLimit(most, clock);
    for (SlotTrouble each : SlotTrouble.values()) {
      lowered.put(each, 0L);
    }
  }

  /** What the server is called. */
  String engine() {
    return engine;
  }

  Slots slots() {
    return slots;
  }

  /**
   * Begins anew with this number, which is also the most from now on; between 1 and the slots'
   * most.
   */
  synchronized void begin(int count) {
    limit.begin(count);
    slots.resize(count);
  }

  synchronized void trouble(SlotTrouble why) {
    int before = limit.limit();
    if (limit.trouble()) {
      lowered.merge(why, 1L, Long::sum);
      slots.resize(limit.limit());
      LOG.warn(
          "{} gets {} requests at a time instead of {}: {}",
          engine,
          limit.limit(),
          before,
          why.label());
    }
  }

  /**
   * A request ended well, and its slot is not yet given back.
   *
   * @param jobClass of its job: batch leaves one slot free, and never uses all of them
   */
  synchronized void success(JobClass jobClass) {
    int free = jobClass == JobClass.BATCH && limit.limit() > 1 ? 1 : 0;
    if (limit.success(slots.busy() + free)) {
      slots.resize(limit.limit());
      LOG.info(
          "{} gets {} requests at a time again, of at most {}: no trouble at full use",
          engine,
          limit.limit(),
          limit.most());
    }
  }

  /** What the number never exceeds. */
  synchronized int most() {
    return limit.most();
  }

  /** How often each trouble has lowered the number. */
  synchronized Map<SlotTrouble, Long> lowered() {
    return Map.copyOf(lowered);
  }
}
