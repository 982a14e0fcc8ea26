package io.sluice.gateway.auth;

import io.sluice.address.Address;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The address that a request came from: what a trusted proxy says, as {@link Forwarding} read it,
 * else that of the socket. No other forwarding header is ever believed.
 */
public final class ClientAddress {
  private static final String KEY = "sluice.address";

  private ClientAddress() {}

  /** As text without port or zone, in its one form, for decisions and for the audit log. */
  public static String of(RoutingContext http) {
    return http.get(KEY) instanceof String told ? told : ofPeer(http);
  }

  /**
   * The network that the address belongs to, as one customer of a provider usually has it: the
   * address itself, or the first 64 bits of IPv6.
   */
  public static String networkOf(RoutingContext http) {
    String address = of(http);
    return Address.parse(address).map(one -> one.network().toString()).orElse(address);
  }

  static void put(RoutingContext http, Address address) {
    http.put(KEY, address.toString());
  }

  static String ofPeer(RoutingContext http) {
    String text = Optional.ofNullable(http.request().remoteAddress().hostAddress()).orElse("");
    return text.contains(":") ? inOneForm(text) : text;
  }

  private static String inOneForm(String text) {
    int zone = text.indexOf('%');
    String bare = zone < 0 ? text : text.substring(0, zone);
    return Address.parse(bare).map(Address::toString).orElse(bare);
  }
}
