package io.sluice.cli.settings;

import io.sluice.address.AddressRange;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.auth.ForwardedHeader;
import java.util.List;

/** Whose word on a client's address is taken. */
public record AuthSettings(
    @Setting(
            flag = "--trusted-proxy",
            variable = "SLUICE_TRUSTED_PROXIES",
            value = "CIDR",
            text =
                "a proxy whose word on a client's address is taken, such as 10.0.0.0/8; several:"
                    + " repeat it, or commas in the variable; without any, the socket's address"
                    + " counts")
        List<AddressRange> trustedProxies,
    @Setting(
            flag = "--forwarded",
            variable = "SLUICE_FORWARDED",
            value = "HEADER",
            standard = "x-forwarded-for",
            text = "the one header that is read from trusted proxies: x-forwarded-for or forwarded")
        ForwardedHeader forwarded) {

  public AuthSettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** As the gateway takes it. */
  public AuthConfig config() {
    return AuthConfig.DEFAULT.proxies(trustedProxies, forwarded);
  }
}
