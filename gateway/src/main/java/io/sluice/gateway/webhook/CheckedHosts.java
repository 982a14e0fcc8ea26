package io.sluice.gateway.webhook;

import io.sluice.address.Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the address to connect to: a name is resolved once, every one of its addresses must be
 * allowed, and the connection goes to the one that was looked at, so that a name that changes its
 * meaning in between leads nowhere else.
 */
final class CheckedHosts {
  private final Names names;
  private final AllowedAddresses allowed;

  CheckedHosts(Names names, AllowedAddresses allowed) {
    this.names = names;
    this.allowed = allowed;
  }

  /** The address, in a form that nobody resolves; empty if it is not allowed. */
  Optional<String> address(String host) throws UnknownHostException {
    Optional<Address> literal = WebhookUrl.address(host.toLowerCase(Locale.ROOT));
    if (literal.isPresent()) {
      return literal.filter(allowed::contains).map(Address::toString);
    }
    List<InetAddress> all = names.of(host);
    return all.stream().allMatch(this::isAllowed)
        ? all.stream().findFirst().map(InetAddress::getHostAddress)
        : Optional.empty();
  }

  private boolean isAllowed(InetAddress address) {
    if (address instanceof Inet6Address six && six.getScopedInterface() != null) {
      return false;
    }
    return Address.parse(address.getHostAddress()).filter(allowed::contains).isPresent();
  }
}
