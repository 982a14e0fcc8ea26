package io.sluice.gateway.webhook;

import io.sluice.Webhooks;
import io.sluice.address.AddressRange;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;

/** Webhooks on this machine, as an operator could allow them. */
public final class Local {
  private Local() {}

  public static WebhookConfig allowed() {
    return allowed(Duration.ofSeconds(15), ClientTls.DEFAULT);
  }

  static WebhookConfig allowed(Duration deadline, ClientTls trust) {
    return allowed(true, new PortRange(1, 65_535), deadline, trust);
  }

  static WebhookConfig allowed(boolean http, PortRange ports) {
    return allowed(http, ports, Duration.ofSeconds(15), ClientTls.DEFAULT);
  }

  private static WebhookConfig allowed(
      boolean http, PortRange ports, Duration deadline, ClientTls trust) {
    return new WebhookConfig(
        http,
        List.of(ports),
        List.of(AddressRange.parse("127.0.0.0/8")),
        Webhooks.KEPT,
        deadline,
        trust);
  }
}
