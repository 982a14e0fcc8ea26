package io.sluice.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 9.255.255.255, false",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "10.0.0.0/8, ::ffff:a00:1, true",
    "10.0.0.0/8, ::10.0.0.1, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.1.2.3, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.6/31, 192.0.2.7, true",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 10.0.0.1, false",
    "::/0, ::ffff:10.0.0.1, false",
    "::/0, 2001:db8::1, true",
    "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
    "2001:db8::/32, 2001:db9::, false",
    "2001:db8::/63, 2001:db8:0:1::1, true",
    "2001:db8::/64, 2001:db8:0:1::1, false",
    "2001:db8::/65, 2001:db8::7fff:ffff:ffff:ffff, true",
    "2001:db8::/65, 2001:db8::8000:0:0:0, false",
    "2001:db8::1/128, 2001:db8:0:0:0:0:0:1, true"
  })
  void a_range_ends_where_its_prefix_says(String range, String address, boolean within) {
    assertThat(AddressRange.parse(range).contains(Address.parse(address).orElseThrow()))
        .isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "*",
        "10",
        "127.1",
        "10.0.0",
        "10.0.0.0.0",
        "010.0.0.1",
        "10.0.0.01",
        "0x7f.0.0.1",
        "2130706433",
        "10.0.0.256",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.1/8",
        "10.0.*.0",
        "10.0.0.0-10.0.0.9",
        " 10.0.0.1",
        "10.0.0.1 ",
        "10.0.0.1\n",
        "１0.0.0.1",
        "10.0.0.1:80",
        "[::1]",
        "::1%eth0",
        "fe80::1%1/64",
        "1::2::3",
        "12345::",
        "::ffff:10.0.0.01",
        "::ffff:127.1",
        "2001:db8::1/32",
        "2001:db8::/129",
        "0:0:0:0:0:0:0:0:1",
        "localhost",
        "example.org"
      })
  void what_others_could_read_in_another_way_is_refused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void a_range_with_bits_behind_its_prefix_is_told_the_right_one() {
    assertThatThrownBy(() -> AddressRange.parse("10.1.2.3/8"))
        .hasMessageContaining("did you mean 10.0.0.0/8?");
    assertThatThrownBy(() -> AddressRange.parse("2001:db8::1/32"))
        .hasMessageContaining("did you mean 2001:db8::/32?");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "10.0.0.1/32, 10.0.0.1",
    "0.0.0.0/0, 0.0.0.0/0",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "2001:0DB8:0:0:0:0:0:0/32, 2001:db8::/32",
    "::/0, ::/0"
  })
  void every_range_has_one_text(String text, String written) {
    AddressRange range = AddressRange.parse(text);
    assertThat(range).hasToString(written);
    assertThat(AddressRange.parse(written)).isEqualTo(range);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3",
    "::ffff:10.1.2.3, 10.1.2.3",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
    "::1, ::"
  })
  void a_customers_network_is_an_ipv4_address_or_64_bits(String address, String network) {
    assertThat(Address.parse(address).orElseThrow().network()).hasToString(network);
  }
}
