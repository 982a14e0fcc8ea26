package io.sluice.address;

import java.util.Optional;

/** This machine itself, as addresses name it. */
public final class Loopback {
  private static final AddressRange IPV4 = AddressRange.parse("127.0.0.0/8");
  private static final AddressRange IPV6 = AddressRange.parse("::1");

  private Loopback() {}

  /**
   * Whether a host is this machine and can be no other: {@code localhost} or a loopback address,
   * with or without brackets. Nobody is asked what another name means.
   */
  public static boolean isNamedBy(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    Optional<Address> address =
        Address.parse(brackets ? host.substring(1, host.length() - 1) : host);
    return address.filter(it -> IPV4.contains(it) || IPV6.contains(it)).isPresent();
  }
}
