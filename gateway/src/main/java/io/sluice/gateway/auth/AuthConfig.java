package io.sluice.gateway.auth;

import io.sluice.address.AddressRange;
import java.time.Duration;
import java.util.List;

/**
 * Who is believed, and who is not heard any longer.
 *
 * @param trustedProxies the proxies whose word on a client's address is taken; none unless set
 * @param forwarded the one header that is read from them
 * @param failuresMax wrong credentials that one network may show in a minute, at most 1,000; 0 for
 *     any number
 * @param block for how long a network that shows more is not heard
 */
public record AuthConfig(
    List<AddressRange> trustedProxies, ForwardedHeader forwarded, int failuresMax, Duration block) {
  public static final AuthConfig DEFAULT =
      new AuthConfig(List.of(), ForwardedHeader.X_FORWARDED_FOR, 10, Duration.ofMinutes(5));

  private static final int FAILURES_MAX = 1_000;

  public AuthConfig {
    trustedProxies = List.copyOf(trustedProxies);
    if (failuresMax < 0 || failuresMax > FAILURES_MAX || !block.isPositive()) {
      throw new IllegalArgumentException("failures are 0 to 1,000 a minute, a block takes time");
    }
  }

  public AuthConfig proxies(List<AddressRange> trusted, ForwardedHeader header) {
    return new AuthConfig(trusted, header, failuresMax, block);
  }

  public AuthConfig lockout(int failures, Duration length) {
    return new AuthConfig(trustedProxies, forwarded, failures, length);
  }
}
