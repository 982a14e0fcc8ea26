package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Limit;
import io.sluice.Limits;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Admission on a Redis that takes no time: each call is built, and each answer is read. */
public final class CannedAdmission {
  private CannedAdmission() {}

  /** Admits everything, with room left in each of these limits. */
  public static Admission admitting(Limits limits) {
    List<Object> values = new ArrayList<>(List.of("admitted", "0", "0"));
    limits.bounds().forEach((limit, bound) -> values.addAll(level(limit, bound)));
    Reply reply = new Reply(values);
    return new RedisAdmission(
        (script, arguments) -> Future.succeededFuture(reply), Admission.Bounds.DEFAULT);
  }

  private static List<Object> level(Limit limit, long bound) {
    return List.of(
        limit.wireName(),
        String.valueOf(bound),
        String.valueOf(bound / 2),
        String.valueOf(limit.window().toMillis()),
        "within",
        "0");
  }
}
