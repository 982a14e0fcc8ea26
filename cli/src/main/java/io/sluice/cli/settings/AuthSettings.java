package io.sluice.cli.settings;

import io.sluice.address.AddressRange;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.auth.ForwardedHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whose word on a client's address is taken, and who is not heard any longer. */
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
        ForwardedHeader forwarded,
    @Setting(
            flag = "--auth-failures-max",
            variable = "SLUICE_AUTH_FAILURES_MAX",
            value = "N",
            standard = "10",
            max = 1_000,
            text =
                "wrong credentials that one address (of IPv6, one /64) may show in a minute before"
                    + " it is blocked; 0 never blocks")
        int failuresMax,
    @Setting(
            flag = "--auth-block",
            variable = "SLUICE_AUTH_BLOCK",
            value = "TIME",
            standard = "5m",
            min = 1,
            max = 86_400,
            text = "how long an address that showed too many is not heard, at most 24h")
        Duration block)
    implements Settings.Checked {

  public AuthSettings {
    trustedProxies = List.copyOf(trustedProxies);
  }

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    if (others.given("--forwarded") && trustedProxies.isEmpty()) {
      problems.add("--forwarded: no header is read without a --trusted-proxy that writes it");
    }
    if (others.given("--auth-block") && failuresMax == 0) {
      problems.add("--auth-block: nobody is blocked with --auth-failures-max 0");
    }
    return problems;
  }

  /** As the gateway takes it. */
  public AuthConfig config() {
    return new AuthConfig(trustedProxies, forwarded, failuresMax, block);
  }
}
