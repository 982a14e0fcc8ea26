package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.codec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Limits as administrators see them, over HTTP and by command. */
public final class LimitsView {
  private LimitsView() {}

  public static ObjectNode of(Limits limits) {
    ObjectNode json = Json.object();
    ObjectNode numbers = json.putObject("limits");
    new TreeMap<>(limits.bounds()).forEach((limit, n) -> numbers.put(limit.wireName(), n));
    ArrayNode shadow = json.putArray("shadow");
    new TreeSet<>(limits.shadow()).forEach(limit -> shadow.add(limit.wireName()));
    return json;
  }

  /** A tenant with its weight and its own limits. */
  public static ObjectNode of(Tenant tenant) {
    ObjectNode json = Json.object().put("name", tenant.name()).put("object", "tenant");
    json.put("weight", tenant.weight());
    json.set("webhook", WebhookView.of(tenant.webhook()));
    return json.setAll(of(tenant.limits()));
  }

  /**
   * The same in one line, for the audit log; the weight where it is not everybody's, and its
   * webhook where it has one.
   */
  public static String text(Tenant tenant) {
    String webhook =
        tenant.webhook().url().isEmpty() ? "" : " webhook=" + WebhookView.text(tenant.webhook());
    return termsText(tenant) + webhook;
  }

  private static String termsText(Tenant tenant) {
    String weight = tenant.weight() == 1 ? "" : "weight=" + tenant.weight();
    boolean plain = tenant.limits().equals(Limits.NONE);
    return weight.isEmpty()
        ? text(tenant.limits())
        : plain ? weight : weight + " " + text(tenant.limits());
  }

  /** In one line, for the audit log. */
  public static String text(Limits limits) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(limits.bounds()).forEach((limit, n) -> parts.add(limit.wireName() + "=" + n));
    new TreeSet<>(limits.shadow()).forEach(limit -> parts.add("shadow:" + limit.wireName()));
    return parts.isEmpty() ? "none" : String.join(" ", parts);
  }
}
