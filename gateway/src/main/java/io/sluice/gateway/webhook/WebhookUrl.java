package io.sluice.gateway.webhook;

import io.sluice.address.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the address of a webhook, and refuses what can be seen to be wrong without asking anybody:
 * what its name means is looked at with each try.
 */
public final class WebhookUrl {
  public static final int CHARS_MAX = 2_048;

  /** Names as DNS has them, with at least one dot: ASCII, so that no two readers differ. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /** Names that mean something inside of a network only (RFC 6761, RFC 6762, ICANN's .internal). */
  private static final Set<String> LOCAL =
      Set.of("localhost", "local", "internal", "localdomain", "home", "lan", "corp", "onion");

  private final WebhookConfig config;
  private final AllowedAddresses addresses;

  public WebhookUrl(WebhookConfig config) {
    this.config = config;
    this.addresses = new AllowedAddresses(config.ranges());
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence for whoever wrote it, which does not repeat it
   */
  public URI read(String text) {
    URI url = parse(text);
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(config.http() && scheme.equals("http"))) {
      throw new IllegalArgumentException(
          config.http() ? "It must be an http or https URL." : "It must be an https URL.");
    }
    check(url.getRawUserInfo() == null, "It must not hold a user or a password.");
    check(url.getRawFragment() == null, "It must not have a fragment.");
    check(url.getHost() != null, "It must name a host, in ASCII.");
    check(
        config.allowsPort(port(url)),
        "Its port is not allowed here; allowed are " + allowedPorts() + ".");
    checkHost(url.getHost().toLowerCase(Locale.ROOT));
    return url;
  }

  private static URI parse(String text) {
    check(text.length() <= CHARS_MAX, "It must have at most " + CHARS_MAX + " characters.");
    check(
        text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\'),
        "It must be a URL in printable ASCII, without spaces.");
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("It must be a URL.");
    }
  }

  private void checkHost(String host) {
    Optional<Address> address = address(host);
    if (address.isPresent()) {
      check(addresses.contains(address.get()), "Its address is not one of the public internet.");
      return;
    }
    check(!host.startsWith("["), "Its address must be written in full and without a zone.");
    check(
        NAME.matcher(host).matches(),
        "Its host must be a full name such as hooks.example.com, or an address in its usual form.");
    if (config.ranges().isEmpty()) {
      check(
          !LOCAL.contains(host.substring(host.lastIndexOf('.') + 1)),
          "Its host is a name of a local network.");
    }
  }

  /** The address that a host is, if it is one and not a name. */
  static Optional<Address> address(String host) {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return Address.parse(brackets ? host.substring(1, host.length() - 1) : host);
  }

  /** The port that it leads to. */
  static int port(URI url) {
    return url.getPort() >= 0
        ? url.getPort()
        : url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  private String allowedPorts() {
    return String.join(", ", config.ports().stream().map(PortRange::toString).toList());
  }

  private static void check(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
