package io.sluice.gateway.webhook;

import io.sluice.Webhooks;
import io.sluice.address.AddressRange;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;

/**
 * Where webhooks may lead, and how long they are tried.
 *
 * @param http whether plain HTTP is allowed, over which anybody on the way reads the answers
 * @param ports what may be connected to
 * @param ranges addresses that may be connected to although they are not of the public internet
 * @param giveUp how long after its end a job's webhook is tried; 1 minute to {@link Webhooks#KEPT}
 * @param deadline of one try, from the connection to the answer; 1 to 20 seconds
 * @param trust whose certificates are believed
 */
public record WebhookConfig(
    boolean http,
    List<PortRange> ports,
    List<AddressRange> ranges,
    Duration giveUp,
    Duration deadline,
    ClientTls trust) {
  private static final Duration DEADLINE_MAX = Duration.ofSeconds(20);

  public static final WebhookConfig DEFAULT =
      new WebhookConfig(
          false,
          List.of(new PortRange(443, 443)),
          List.of(),
          Webhooks.KEPT,
          Duration.ofSeconds(15),
          ClientTls.DEFAULT);

  public WebhookConfig {
    ports = List.copyOf(ports);
    ranges = List.copyOf(ranges);
    if (giveUp.compareTo(Duration.ofMinutes(1)) < 0 || giveUp.compareTo(Webhooks.KEPT) > 0) {
      throw new IllegalArgumentException("webhooks are tried 1 minute to 72 hours");
    }
    if (deadline.compareTo(Duration.ofSeconds(1)) < 0 || deadline.compareTo(DEADLINE_MAX) > 0) {
      throw new IllegalArgumentException("a try of a webhook takes 1 to 20 seconds");
    }
  }

  boolean allowsPort(int port) {
    return ports.stream().anyMatch(range -> range.contains(port));
  }
}
