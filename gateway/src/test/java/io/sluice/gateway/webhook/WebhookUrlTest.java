package io.sluice.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Webhooks;
import io.sluice.address.AddressRange;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen to be wrong with an URL without asking anybody. */
class WebhookUrlTest {
  private static final WebhookUrl STANDARD = new WebhookUrl(WebhookConfig.DEFAULT);
  private static final WebhookUrl OPEN =
      new WebhookUrl(
          new WebhookConfig(
              true,
              List.of(new PortRange(1, 65_535)),
              List.of(AddressRange.parse("10.0.0.0/8")),
              Webhooks.KEPT,
              Duration.ofSeconds(15),
              ClientTls.DEFAULT));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "https://example.com:443/a/b?c=d&e=%20f",
        "HTTPS://Hooks.Example.COM/x",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://a.b.c.d.e.example/"
      })
  void a_url_of_the_public_internet_is_taken(String url) {
    assertThat(STANDARD.read(url)).hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // No https.
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "",
        "https:",
        "https://",
        "https:///x",
        // Credentials, fragments, ports.
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://example.com@10.0.0.1/",
        "https://example.com/#x",
        "https://example.com:80/",
        "https://example.com:8443/",
        "https://example.com:0/",
        "https://example.com:99999/",
        // This host, in every way to write it.
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://127.000.000.001/",
        "https://0/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1]/",
        // Private, link-local, shared, reserved, multicast.
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://192.0.0.170/",
        "https://198.18.0.1/",
        "https://203.0.113.7/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        // IPv4 inside of IPv6.
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001::1]/",
        "https://[2001:db8::1]/",
        "https://[::ffff:a9fe:a9fe]/",
        // Names that are none of the public internet.
        "https://redis/",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://example.com./",
        "https://exa_mple.com/",
        "https://-a.example.com/",
        "https://bücher.example/",
        "https://①②⑦.⓪.⓪.①/",
        "https://example。com/",
        // Other tricks.
        "https://exa mple.com/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com\t/",
        "https://example.com/\r\nX: y",
        "https://example.com%2f@127.0.0.1/",
        "https://exam%70le.com/"
      })
  void everything_else_is_refused_with_a_sentence_that_does_not_repeat_it(String url) {
    assertThatThrownBy(() -> STANDARD.read(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("It")
        .hasMessageNotContaining("127.0.0.1");
  }

  @Test
  void what_is_too_long_is_refused() {
    String longest = "https://example.com/" + "x".repeat(WebhookUrl.CHARS_MAX - 20);
    assertThat(STANDARD.read(longest)).hasToString(longest);
    assertThatThrownBy(() -> STANDARD.read(longest + "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_operator_may_allow_http_ports_and_ranges_and_no_others() {
    assertThat(OPEN.read("http://10.1.2.3:8080/x")).isNotNull();
    assertThat(OPEN.read("https://hooks.corp/")).isNotNull();
    assertThatThrownBy(() -> OPEN.read("http://127.0.0.1:8080/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OPEN.read("http://192.168.0.1/"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
