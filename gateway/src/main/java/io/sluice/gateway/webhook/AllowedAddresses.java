package io.sluice.gateway.webhook;

import io.sluice.address.Address;
import io.sluice.address.AddressRange;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that a webhook may lead to: those of the public internet, by the registries of
 * special addresses (RFC 6890 and IANA), and those that an operator adds. Of IPv6 that is global
 * unicast without what carries IPv4 inside: 6to4 and Teredo; NAT64, IPv4-compatible, local and
 * multicast addresses lie outside of it, and one that IPv4 is mapped into counts as that.
 */
final class AllowedAddresses {
  private static final AddressRange GLOBAL_UNICAST = AddressRange.parse("2000::/3");

  private static final List<AddressRange> SPECIAL =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20")
          .map(AddressRange::parse)
          .toList();

  private final List<AddressRange> added;

  AllowedAddresses(List<AddressRange> added) {
    this.added = List.copyOf(added);
  }

  boolean contains(Address address) {
    return added.stream().anyMatch(range -> range.contains(address)) || isPublic(address);
  }

  private static boolean isPublic(Address address) {
    return (address.isIpv4() || GLOBAL_UNICAST.contains(address))
        && SPECIAL.stream().noneMatch(range -> range.contains(address));
  }
}
