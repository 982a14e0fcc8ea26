package io.sluice.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A tenant as JSON. A limit that this program does not know, of a newer one, is left out; a tenant
 * that an older one wrote has the weight 1.
 */
public final class TenantCodec {
  private TenantCodec() {}

  public static String write(Tenant tenant) {
    ObjectNode json = Json.object().put("name", tenant.name()).put("weight", tenant.weight());
    ObjectNode bounds = json.putObject("limits");
    new TreeMap<>(tenant.limits().bounds())
        .forEach((limit, bound) -> bounds.put(limit.wireName(), bound));
    ArrayNode shadow = json.putArray("shadow");
    new TreeSet<>(tenant.limits().shadow()).forEach(limit -> shadow.add(limit.wireName()));
    if (!tenant.webhook().equals(Tenant.Webhook.NONE)) {
      json.set("webhook", toJson(tenant.webhook()));
    }
    return Json.write(json);
  }

  private static ObjectNode toJson(Tenant.Webhook webhook) {
    ObjectNode json = Json.object();
    webhook.url().ifPresent(url -> json.put("url", url.toString()));
    ArrayNode secrets = json.putArray("secrets");
    for (Tenant.Secret secret : webhook.secrets()) {
      ObjectNode one =
          secrets
              .addObject()
              .put("id", secret.id())
              .put("sealed", secret.sealed())
              .put("created", secret.createdAt().toEpochMilli());
      secret.expiresAt().ifPresent(end -> one.put("expires", end.toEpochMilli()));
    }
    return json;
  }

  public static Tenant read(String text) {
    JsonNode json = Json.parse(text);
    Map<Limit, Long> bounds = new EnumMap<>(Limit.class);
    json.path("limits")
        .properties()
        .forEach(
            field ->
                Limit.ofWireName(field.getKey())
                    .ifPresent(limit -> bounds.put(limit, field.getValue().asLong())));
    Set<Limit> shadow = new HashSet<>();
    json.path("shadow").forEach(name -> Limit.ofWireName(name.asText()).ifPresent(shadow::add));
    return new Tenant(
        json.path("name").asText(),
        new Limits(bounds, shadow),
        json.path("weight").asInt(1),
        webhook(json.path("webhook")));
  }

  private static Tenant.Webhook webhook(JsonNode json) {
    List<Tenant.Secret> secrets = new ArrayList<>();
    json.path("secrets")
        .forEach(
            one ->
                secrets.add(
                    new Tenant.Secret(
                        one.path("id").asText(),
                        one.path("sealed").asText(),
                        Instant.ofEpochMilli(one.path("created").asLong()),
                        one.has("expires")
                            ? Optional.of(Instant.ofEpochMilli(one.path("expires").asLong()))
                            : Optional.empty())));
    return new Tenant.Webhook(
        Optional.ofNullable(json.path("url").textValue()).map(URI::create), secrets);
  }
}
