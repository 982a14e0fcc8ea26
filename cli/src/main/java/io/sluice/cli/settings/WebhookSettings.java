package io.sluice.cli.settings;

import io.sluice.address.AddressRange;
import io.sluice.gateway.webhook.PortRange;
import io.sluice.gateway.webhook.WebhookConfig;
import io.sluice.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the ends of jobs may be told, and how long that is tried. */
public record WebhookSettings(
    @Setting(
            flag = "--webhook-http",
            variable = "SLUICE_WEBHOOK_HTTP",
            value = "WHAT",
            standard = "refuse",
            text =
                "webhooks over plain HTTP, over which anybody on the way reads the answers: refuse"
                    + " or allow")
        Plain http,
    @Setting(
            flag = "--webhook-port",
            variable = "SLUICE_WEBHOOK_PORTS",
            value = "PORT",
            standard = "443",
            text =
                "a port that webhooks may lead to, or several such as 8000-8999; repeat it, or"
                    + " commas in the variable")
        List<PortRange> ports,
    @Setting(
            flag = "--webhook-range",
            variable = "SLUICE_WEBHOOK_RANGES",
            value = "CIDR",
            text =
                "addresses that webhooks may lead to although they are not of the public internet,"
                    + " such as 10.7.0.0/16; repeat it, or commas in the variable")
        List<AddressRange> ranges,
    @Setting(
            flag = "--webhook-give-up",
            variable = "SLUICE_WEBHOOK_GIVE_UP",
            value = "TIME",
            standard = "72h",
            min = 60,
            max = 259_200,
            text = "how long after its end a job's webhook is tried, at most 72h")
        Duration giveUp,
    @Setting(
            flag = "--webhook-timeout",
            variable = "SLUICE_WEBHOOK_TIMEOUT",
            value = "TIME",
            standard = "15s",
            min = 1,
            max = 20,
            text = "how long one try of a webhook may take, 1s to 20s")
        Duration timeout,
    @Setting(
            flag = "--webhook-ca",
            variable = "SLUICE_WEBHOOK_CA",
            value = "FILE",
            text = "who may vouch for webhooks, PEM; else the JDK's authorities")
        Optional<Path> ca) {

  /** What is done about plain HTTP. */
  public enum Plain {
    REFUSE,
    ALLOW
  }

  public WebhookSettings {
    ports = List.copyOf(ports);
    ranges = List.copyOf(ranges);
  }

  /** As the gateway takes it. */
  public WebhookConfig config() {
    return new WebhookConfig(
        http == Plain.ALLOW,
        ports,
        ranges,
        giveUp,
        timeout,
        ClientTls.of(ca, Optional.empty(), Optional.empty()));
  }
}
