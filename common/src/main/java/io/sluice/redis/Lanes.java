package io.sluice.redis;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Pool;
import java.util.List;

/** Lanes as the scripts name them. */
final class Lanes {
  static final String RETRY = "retry";

  private Lanes() {}

  /** Pool, class, and the number in two digits or {@link #RETRY}; empty where workers pull none. */
  static List<Object> place(Lane lane) {
    return switch (lane) {
      case Lane.Ready ready ->
          place(ready.pool(), ready.jobClass(), String.format("%02d", ready.number()));
      case Lane.Retry retry -> place(retry.pool(), retry.jobClass(), RETRY);
      case Lane.Warm warm -> List.of();
      case Lane.Delay delay -> List.of();
      case Lane.Aside aside -> List.of();
    };
  }

  private static List<Object> place(Pool pool, JobClass jobClass, String lane) {
    return List.of(pool.toString(), jobClass.wireName(), lane);
  }
}
