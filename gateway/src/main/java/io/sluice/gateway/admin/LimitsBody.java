package io.sluice.gateway.admin;

import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.webhook.WebhookUrl;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's own limits as an administrator sets them, by their names on the wire, and its weight.
 *
 * @param weight empty where it is to stay as it is
 * @param webhook empty where it is to stay as it is
 */
record LimitsBody(Limits limits, Optional<Integer> weight, Optional<WebhookBody> webhook) {
  static final Set<String> NAMES = Set.of("limits", "shadow", "weight", "webhook");
  private static final int NAME_CHARS_MAX = 64;

  static LimitsBody read(Fields fields, WebhookUrl urls) {
    Map<Limit, Long> bounds = new EnumMap<>(Limit.class);
    fields.check(fields.has("limits"), "limits", "It is missing; {} sets none.");
    fields.object("limits").ifPresent(limits -> read(limits, bounds));
    Set<Limit> shadow = EnumSet.noneOf(Limit.class);
    for (String name : fields.texts("shadow", Limit.values().length, NAME_CHARS_MAX)) {
      ofTenants(name)
          .ifPresentOrElse(shadow::add, () -> fields.fault("shadow", unknown() + " among them."));
    }
    Optional<Integer> weight = fields.whole("weight", 1, Tenant.WEIGHT_MAX).map(Math::toIntExact);
    Optional<WebhookBody> webhook =
        fields.object("webhook").map(webhooks -> WebhookBody.read(webhooks, urls));
    return new LimitsBody(new Limits(bounds, shadow), weight, webhook);
  }

  private static void read(Fields limits, Map<Limit, Long> bounds) {
    limits
        .json()
        .fieldNames()
        .forEachRemaining(
            name ->
                ofTenants(name)
                    .ifPresentOrElse(
                        limit ->
                            number(limits, limit).ifPresent(number -> bounds.put(limit, number)),
                        () -> limits.fault(name, unknown() + ".")));
  }

  private static Optional<Long> number(Fields limits, Limit limit) {
    String name = limit.wireName();
    limits.check(limits.has(name), name, "It must be a number; leave it out for none.");
    return limits.whole(name, 1, Limits.NUMBER_MAX);
  }

  private static Optional<Limit> ofTenants(String name) {
    return Limit.ofWireName(name).filter(limit -> limit.scope() != Limit.Scope.EVERYBODY);
  }

  private static String unknown() {
    List<String> names =
        EnumSet.allOf(Limit.class).stream()
            .filter(limit -> limit.scope() != Limit.Scope.EVERYBODY)
            .map(Limit::wireName)
            .toList();
    return "There is no such limit of tenants; there are " + String.join(", ", names);
  }
}
