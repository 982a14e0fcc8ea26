package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.address.AddressRange;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.auth.ForwardedHeader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose word on a client's address the gateway takes, seen in what the audit log says. */
class ClientAddressTest {
  private static final List<AddressRange> LOOPBACK = List.of(AddressRange.parse("127.0.0.0/8"));

  @Test
  void without_trusted_proxies_no_header_is_believed() {
    try (TestGateway sluice = new TestGateway()) {
      assertThat(
              addressOf(
                  sluice,
                  "X-Forwarded-For",
                  "192.0.2.1",
                  "Forwarded",
                  "for=192.0.2.2",
                  "X-Real-IP",
                  "192.0.2.3"))
          .isEqualTo("127.0.0.1");
    }
  }

  @Test
  void a_peer_that_is_not_trusted_cannot_spoof() {
    List<AddressRange> elsewhere = List.of(AddressRange.parse("10.0.0.0/8"));
    try (TestGateway sluice = trusting(elsewhere, ForwardedHeader.X_FORWARDED_FOR)) {
      assertThat(addressOf(sluice, "X-Forwarded-For", "10.0.0.1")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void a_trusted_proxy_is_believed_on_the_hop_before_it_and_no_further() {
    try (TestGateway sluice = trusting(LOOPBACK, ForwardedHeader.X_FORWARDED_FOR)) {
      assertThat(
              addressOf(
                  sluice,
                  "X-Forwarded-For",
                  "6.6.6.6",
                  "X-Forwarded-For",
                  "192.0.2.1, 127.0.0.5",
                  "Forwarded",
                  "for=192.0.2.2"))
          .isEqualTo("192.0.2.1");
    }
  }

  @Test
  void only_the_header_that_was_chosen_is_read() {
    try (TestGateway sluice = trusting(LOOPBACK, ForwardedHeader.FORWARDED)) {
      assertThat(addressOf(sluice, "X-Forwarded-For", "192.0.2.1")).isEqualTo("127.0.0.1");
      assertThat(addressOf(sluice, "Forwarded", "for=\"[2001:DB8:0::2]:99\""))
          .isEqualTo("2001:db8::2");
    }
  }

  @Test
  void a_chain_that_cannot_be_read_ends_at_the_last_good_hop_and_is_counted() {
    try (TestGateway sluice = trusting(LOOPBACK, ForwardedHeader.X_FORWARDED_FOR)) {
      assertThat(addressOf(sluice, "X-Forwarded-For", "192.0.2.1, unknown, 127.0.0.7"))
          .isEqualTo("127.0.0.7");
      assertThat(sluice.meters.scrape()).contains("sluice_forwarded_unreadable_total 1.0");
    }
  }

  private static TestGateway trusting(List<AddressRange> proxies, ForwardedHeader header) {
    return new TestGateway(config -> config.auth(AuthConfig.DEFAULT.proxies(proxies, header)));
  }

  private static String addressOf(TestGateway sluice, String... headers) {
    sluice.audit.events.clear();
    String[] more = Arrays.copyOf(headers, headers.length + 2);
    more[headers.length] = "Authorization";
    more[headers.length + 1] = "Bearer nonsense";
    assertThat(sluice.get("/v1/jobs", more).status()).isEqualTo(401);
    return sluice.audit.events.getFirst().address().orElseThrow();
  }
}
