package io.sluice.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.address.Address;
import io.sluice.address.AddressRange;
import io.sluice.gateway.ConnectionBounds;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections are open, of each address and in total. What is over a bound is closed as
 * soon as it is accepted, before it costs a handshake or a parser. Safe from any thread.
 */
public final class OpenConnections {
  private final ConnectionBounds bounds;
  private final List<AddressRange> proxies;
  private final AtomicInteger total = new AtomicInteger();
  private final ConcurrentHashMap<Address, Integer> perAddress = new ConcurrentHashMap<>();
  private final Counter overTotal;
  private final Counter overAddress;

  /**
   * @param proxies addresses that speak for many clients: only the bound in total is theirs
   */
  public OpenConnections(
      ConnectionBounds bounds, List<AddressRange> proxies, MeterRegistry meters) {
    this.bounds = bounds;
    this.proxies = List.copyOf(proxies);
    this.overTotal = refused(meters, "total");
    this.overAddress = refused(meters, "address");
    Gauge.builder("sluice.gateway.connections", total, AtomicInteger::get)
        .description("Connections that are open")
        .register(meters);
  }

  private static Counter refused(MeterRegistry meters, String bound) {
    return Counter.builder("sluice.gateway.connections.refused")
        .description("Connections that were closed when they were accepted")
        .tag("bound", bound)
        .register(meters);
  }

  /** A Vert.x whose listening sockets keep these bounds, all of them together. */
  public Vertx vertx() {
    return Vertx.builder().withTransport(new CountingTransport(this)).build();
  }

  /** Whether one more of this address may be; it then has to {@link #leave}. */
  boolean enter(InetAddress address) {
    if (total.incrementAndGet() > bounds.max()) {
      total.decrementAndGet();
      overTotal.increment();
      return false;
    }
    Optional<Address> counted = counted(address);
    if (counted.isPresent()
        && perAddress.merge(counted.get(), 1, Integer::sum) > bounds.perAddressMax()) {
      leave(address);
      overAddress.increment();
      return false;
    }
    return true;
  }

  void leave(InetAddress address) {
    total.decrementAndGet();
    counted(address)
        .ifPresent(
            one ->
                perAddress.computeIfPresent(one, (same, count) -> count == 1 ? null : count - 1));
  }

  private Optional<Address> counted(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return Address.parse(zone < 0 ? text : text.substring(0, zone))
        .filter(one -> proxies.stream().noneMatch(range -> range.contains(one)))
        .map(Address::network);
  }
}
