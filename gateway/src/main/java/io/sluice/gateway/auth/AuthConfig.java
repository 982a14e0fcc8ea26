package io.sluice.gateway.auth;

import io.sluice.address.AddressRange;
import java.util.List;

/**
 * Who is believed.
 *
 * @param trustedProxies the proxies whose word on a client's address is taken; none unless set
 * @param forwarded the one header that is read from them
 */
public record AuthConfig(List<AddressRange> trustedProxies, ForwardedHeader forwarded) {
  public static final AuthConfig DEFAULT =
      new AuthConfig(List.of(), ForwardedHeader.X_FORWARDED_FOR);

  public AuthConfig {
    trustedProxies = List.copyOf(trustedProxies);
  }

  public AuthConfig proxies(List<AddressRange> trusted, ForwardedHeader header) {
    return new AuthConfig(trusted, header);
  }
}
