package io.sluice.gateway.webhook;

import io.sluice.Webhooks.InHand;
import io.sluice.Webhooks.Target;
import java.util.HashMap;
import java.util.Map;

/** What this gateway has in hand. Safe from any thread. */
final class Hands {
  /** Of all tenants together. */
  static final int MAX = 64;

  private final Map<Target, Integer> ofTargets = new HashMap<>();
  private int all;

  synchronized void take(Target target) {
    all++;
    ofTargets.merge(target, 1, Integer::sum);
  }

  synchronized void leave(Target target) {
    all--;
    ofTargets.computeIfPresent(target, (same, count) -> count > 1 ? count - 1 : null);
  }

  synchronized int all() {
    return all;
  }

  synchronized int free() {
    return MAX - all;
  }

  synchronized InHand held() {
    Map<String, Integer> ofTenants = new HashMap<>();
    ofTargets.forEach((target, count) -> ofTenants.merge(target.tenant(), count, Integer::sum));
    return new InHand(ofTenants, ofTargets);
  }
}
