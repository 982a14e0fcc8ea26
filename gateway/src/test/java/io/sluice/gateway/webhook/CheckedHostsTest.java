package io.sluice.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.address.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a name means is looked at once, and all of it. */
class CheckedHostsTest {
  private static final AllowedAddresses PUBLIC = new AllowedAddresses(List.of());

  private static Names meaning(String... addresses) {
    return name -> {
      List<InetAddress> all = new ArrayList<>();
      for (String address : addresses) {
        all.add(InetAddress.getByName(address));
      }
      return all;
    };
  }

  @Test
  void the_address_that_was_looked_at_is_the_one_to_connect_to() throws UnknownHostException {
    List<String> asked = new ArrayList<>();
    Names rebinding =
        name -> {
          asked.add(name);
          String meaning = asked.size() == 1 ? "93.184.216.34" : "127.0.0.1";
          return List.of(InetAddress.getByName(meaning));
        };

    assertThat(new CheckedHosts(rebinding, PUBLIC).address("hooks.example.com"))
        .contains("93.184.216.34");
    assertThat(asked).containsExactly("hooks.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "192.168.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:1::",
        "::ffff:10.0.0.1",
        "0.0.0.0"
      })
  void one_address_that_is_not_allowed_refuses_all(String inside) throws UnknownHostException {
    assertThat(new CheckedHosts(meaning("93.184.216.34", inside), PUBLIC).address("a.example"))
        .isEmpty();
    assertThat(new CheckedHosts(meaning(inside), PUBLIC).address("a.example")).isEmpty();
  }

  @Test
  void what_the_operator_adds_is_allowed() throws UnknownHostException {
    AllowedAddresses more = new AllowedAddresses(List.of(AddressRange.parse("10.7.0.0/16")));

    assertThat(new CheckedHosts(meaning("10.7.0.1"), more).address("hooks.corp"))
        .contains("10.7.0.1");
    assertThat(new CheckedHosts(meaning("10.8.0.1"), more).address("hooks.corp")).isEmpty();
  }

  @Test
  void an_address_is_asked_of_nobody() throws UnknownHostException {
    Names nobody =
        name -> {
          throw new UnknownHostException(name);
        };

    assertThat(new CheckedHosts(nobody, PUBLIC).address("8.8.8.8")).contains("8.8.8.8");
    assertThat(new CheckedHosts(nobody, PUBLIC).address("127.0.0.1")).isEmpty();
    assertThatThrownBy(() -> new CheckedHosts(nobody, PUBLIC).address("a.example"))
        .isInstanceOf(UnknownHostException.class);
  }
}
