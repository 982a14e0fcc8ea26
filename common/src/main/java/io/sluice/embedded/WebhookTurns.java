package io.sluice.embedded;

import io.sluice.Webhooks;
import io.sluice.Webhooks.InHand;
import io.sluice.Webhooks.Owed;
import io.sluice.Webhooks.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose turn it is: from tenant to tenant by name, and in each from target to target, going on
 * behind where the last look ended. A look costs the same however much is owed. Used by the writer
 * alone.
 */
final class WebhookTurns {
  private static final int TENANTS_PER_LOOK = 64;
  private static final int ORIGINS_PER_TENANT = 16;
  private static final int REMEMBERED_MAX = 1_000;

  private final Map<String, String> lastOrigins = new HashMap<>();
  private String lastTenant = "";

  List<Owed> take(Sql sql, int most, InHand inHand, long now) throws SQLException {
    List<Owed> taken = new ArrayList<>();
    String first = null;
    for (int look = 0; look < TENANTS_PER_LOOK && taken.size() < most; look++) {
      Optional<String> next = next(WebhookTable.tenantAfter(sql, lastTenant), sql);
      if (next.isEmpty() || next.get().equals(first)) {
        break;
      }
      first = first == null ? next.get() : first;
      lastTenant = next.get();
      int room = Webhooks.TENANT_MAX - inHand.ofTenants().getOrDefault(lastTenant, 0);
      taken.addAll(take(sql, lastTenant, Math.min(room, most - taken.size()), inHand, now));
    }
    return taken;
  }

  /** Behind the last tenant comes the first one. */
  private static Optional<String> next(Optional<String> behind, Sql sql) throws SQLException {
    return behind.isPresent() ? behind : WebhookTable.tenantAfter(sql, "");
  }

  private List<Owed> take(Sql sql, String tenant, int most, InHand inHand, long now)
      throws SQLException {
    List<Owed> taken = new ArrayList<>();
    String first = null;
    String last = lastOrigins.getOrDefault(tenant, "");
    for (int look = 0; look < ORIGINS_PER_TENANT && taken.size() < most; look++) {
      Optional<String> behind = WebhookTable.originAfter(sql, tenant, last);
      Optional<String> next =
          behind.isPresent() ? behind : WebhookTable.originAfter(sql, tenant, "");
      if (next.isEmpty() || next.get().equals(first)) {
        break;
      }
      first = first == null ? next.get() : first;
      last = next.get();
      Target target = new Target(tenant, last);
      int free = Webhooks.TARGET_MAX - inHand.ofTargets().getOrDefault(target, 0);
      int some = Math.min(free, most - taken.size());
      if (some > 0) {
        taken.addAll(WebhookTable.take(sql, target, some, now));
      }
    }
    remember(tenant, last);
    return taken;
  }

  private void remember(String tenant, String origin) {
    if (lastOrigins.size() >= REMEMBERED_MAX) {
      lastOrigins.clear();
    }
    lastOrigins.put(tenant, origin);
  }
}
