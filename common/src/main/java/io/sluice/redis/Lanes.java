package io.sluice.redis;

import io.sluice.JobClass;
import io.sluice.Lane;
import io.sluice.Pool;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lanes by their labels; the name of a model may hold slashes, so labels are read from their end.
 */
final class Lanes {
  private Lanes() {}

  /** The lanes that are looked into though nothing was offered there. */
  static List<String> labels(Pool pool) {
    return Lane.of(pool).stream().filter(Lanes::isLookedInto).map(Lane::label).toList();
  }

  private static boolean isLookedInto(Lane lane) {
    return !(lane instanceof Lane.Ready ready) || ready.number() == 0;
  }

  /** The pool whose workers pull this lane, if any do. */
  static Optional<Pool> pool(Lane lane) {
    return switch (lane) {
      case Lane.Ready ready -> Optional.of(ready.pool());
      case Lane.Retry retry -> Optional.of(retry.pool());
      case Lane.Delay delay -> Optional.empty();
      case Lane.Aside aside -> Optional.empty();
    };
  }

  static Lane parse(String label) {
    String[] parts = label.split("/");
    int last = parts.length - 1;
    boolean retry = parts[0].equals("retry");
    int classAt = retry ? last : last - 1;
    Pool pool = Pool.parse(String.join("/", List.of(parts).subList(1, classAt)));
    JobClass jobClass = JobClass.valueOf(parts[classAt].toUpperCase(Locale.ROOT));
    return retry
        ? new Lane.Retry(pool, jobClass)
        : new Lane.Ready(pool, jobClass, Integer.parseInt(parts[last]));
  }
}
