package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Tenant;
import io.sluice.Webhooks;
import io.sluice.codec.Json;
import java.time.Instant;

/** A tenant's webhook as administrators see it, over HTTP and by command: never a secret. */
public final class WebhookView {
  private WebhookView() {}

  public static ObjectNode of(Tenant.Webhook webhook) {
    ObjectNode json = Json.object().put("url", webhook.url().map(Object::toString).orElse(null));
    ArrayNode secrets = json.putArray("secrets");
    webhook.secrets().forEach(secret -> secrets.add(of(secret)));
    return json;
  }

  private static ObjectNode of(Tenant.Secret secret) {
    return Json.object()
        .put("id", secret.id())
        .put("created_at", secret.createdAt().toString())
        .put("expires_at", secret.expiresAt().map(Instant::toString).orElse(null));
  }

  /** A secret that was made now, with the one chance to read it. */
  public static ObjectNode made(Tenant tenant, String secret) {
    ObjectNode json = of(tenant.webhook().secrets().getFirst());
    json.put("object", "webhook_secret").put("tenant", tenant.name()).put("secret", secret);
    json.set("secrets", of(tenant.webhook()).get("secrets"));
    return json;
  }

  /** In one word, for the audit log: where it leads to, since the rest of it may be a secret. */
  public static String text(Tenant.Webhook webhook) {
    return webhook.url().map(Webhooks::origin).orElse("none");
  }
}
