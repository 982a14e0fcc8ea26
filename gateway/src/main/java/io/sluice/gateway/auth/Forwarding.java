package io.sluice.gateway.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.address.Address;
import io.sluice.address.AddressRange;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Finds the client behind trusted proxies: from the socket on, hop by hop towards the client, as
 * long as the hop that speaks is trusted. The first that is not is the client, whatever it says of
 * others. Where an element cannot be read, the last hop that could be is taken for the client.
 */
public final class Forwarding implements Handler<RoutingContext> {
  /** No honest chain is longer; what a header has more costs nothing. */
  private static final int HOPS_MAX = 32;

  private final List<AddressRange> trusted;
  private final ForwardedHeader header;
  private final Counter unreadable;

  public Forwarding(AuthConfig config, MeterRegistry meters) {
    this.trusted = config.trustedProxies();
    this.header = config.forwarded();
    this.unreadable =
        Counter.builder("sluice.forwarded.unreadable")
            .description("Forwarding headers of trusted proxies that could not be read to the end")
            .register(meters);
  }

  @Override
  public void handle(RoutingContext http) {
    if (!trusted.isEmpty()) {
      Address.parse(ClientAddress.ofPeer(http))
          .filter(this::isTrusted)
          .map(peer -> client(peer, http.request().headers().getAll(header.header())))
          .ifPresent(client -> ClientAddress.put(http, client));
    }
    http.next();
  }

  /**
   * The client that a trusted peer asks for.
   *
   * @param lines the header's lines, in their order
   */
  Address client(Address peer, List<String> lines) {
    Hops hops = new Hops(header, String.join(",", lines));
    Address last = peer;
    for (int i = 0; i < HOPS_MAX && !lines.isEmpty() && hops.hasNext(); i++) {
      Optional<Address> hop = hops.next();
      if (hop.isEmpty()) {
        unreadable.increment();
        return last;
      }
      last = hop.get();
      if (!isTrusted(last)) {
        return last;
      }
    }
    return last;
  }

  private boolean isTrusted(Address address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }
}
