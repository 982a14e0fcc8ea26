package io.sluice.gateway.auth;

import static io.sluice.gateway.auth.ForwardedHeader.FORWARDED;
import static io.sluice.gateway.auth.ForwardedHeader.X_FORWARDED_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.address.Address;
import io.sluice.address.AddressRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ForwardingTest {
  private static final List<AddressRange> TRUSTED =
      List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8:aaaa::/48"));
  private static final String PEER = "10.0.0.1";
  private static final List<String> JUNK =
      List.of("unknown", "_hidden", "", "010.0.0.9", "127.1", "1.2.3.4.5", "host", "[10.0.0.2]");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1                              | 192.0.2.1",
        "6.6.6.6, 192.0.2.1                     | 192.0.2.1",
        "192.0.2.1, 10.0.0.2                    | 192.0.2.1",
        "192.0.2.1, 10.0.0.2, 2001:db8:aaaa::1  | 192.0.2.1",
        "6.6.6.6, 192.0.2.1:4711 , 10.0.0.2:80  | 192.0.2.1",
        "10.0.0.3, 10.0.0.2                     | 10.0.0.3",
        "[2001:db8::7]:443                      | 2001:db8::7",
        "2001:db8::7                            | 2001:db8::7",
        "'\"[2001:db8::7]\"'                    | 2001:db8::7",
        "::ffff:192.0.2.1                       | 192.0.2.1",
        "192.0.2.1, ::ffff:10.0.0.2             | 192.0.2.1",
        "192.0.2.1, unknown, 10.0.0.2           | 10.0.0.2",
        "192.0.2.1, unknown                     | 10.0.0.1",
        "192.0.2.1,                             | 10.0.0.1",
        "192.0.2.1,,10.0.0.2                    | 10.0.0.2",
        "192.0.2.1, 010.0.0.2                   | 10.0.0.1",
        "6.6.6.6, \", 192.0.2.1                 | 192.0.2.1",
        "192.0.2.1 10.0.0.2                     | 10.0.0.1",
        "192.0.2.1:999999                       | 10.0.0.1",
        "fe80::1%eth0                           | 10.0.0.1"
      })
  void x_forwarded_for_is_read_from_the_right(String line, String client) {
    assertThat(client(X_FORWARDED_FOR, List.of(line))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "for=192.0.2.1                                        | 192.0.2.1",
        "For=192.0.2.1;proto=https;by=10.0.0.1                | 192.0.2.1",
        "proto=https; FOR=\"192.0.2.1:80\"                    | 192.0.2.1",
        "for=6.6.6.6, for=\"[2001:db8::7]:4711\"              | 2001:db8::7",
        "for=192.0.2.1, for=\"[2001:db8:aaaa::1]\"            | 192.0.2.1",
        "for=192.0.2.1;host=\"a,b;for=6.6.6.6\", for=10.0.0.2 | 192.0.2.1",
        "for=192.0.2.1;x=\"\\\"\", for=10.0.0.2               | 192.0.2.1",
        "for=\"192.0.2\\.1\"                                  | 192.0.2.1",
        "for=unknown, for=10.0.0.2                            | 10.0.0.2",
        "for=_secret, for=10.0.0.2                            | 10.0.0.2",
        "for=192.0.2.1;for=6.6.6.6                            | 10.0.0.1",
        "proto=https                                          | 10.0.0.1",
        "for=                                                 | 10.0.0.1",
        "for                                                  | 10.0.0.1",
        "for=6.6.6.6;x=\", for=192.0.2.1                      | 192.0.2.1",
        "for=6.6.6.6;x=\", for=\"[2001:db8::7]\"              | 2001:db8::7",
        "for=6.6.6.6, for=\"192.0.2.1                         | 10.0.0.1"
      })
  void forwarded_is_read_from_the_right(String line, String client) {
    assertThat(client(FORWARDED, List.of(line))).isEqualTo(client);
  }

  @Test
  void without_the_header_the_peer_is_the_client() {
    assertThat(client(X_FORWARDED_FOR, List.of())).isEqualTo(PEER);
    assertThat(client(X_FORWARDED_FOR, List.of(""))).isEqualTo(PEER);
  }

  @Test
  void a_thousand_hops_are_not_walked() {
    String last = "10.0.0.9";
    List<String> hops = new ArrayList<>(Collections.nCopies(1_000, last));
    hops.addFirst("192.0.2.1");
    assertThat(client(X_FORWARDED_FOR, List.of(String.join(",", hops)))).isEqualTo(last);
  }

  /** Against a model that knows the chain as it was made and never sees its text. */
  @ParameterizedTest
  @EnumSource(ForwardedHeader.class)
  void any_chain_has_the_client_that_the_model_finds(ForwardedHeader header) {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      List<Optional<Address>> chain = new ArrayList<>();
      List<String> lines = new ArrayList<>();
      StringBuilder line = new StringBuilder();
      int length = random.nextInt(6);
      for (int i = 0; i < length; i++) {
        Optional<Address> hop = hop(random);
        chain.add(hop);
        line.append(written(header, hop, random));
        if (i + 1 < length && random.nextInt(3) == 0) {
          lines.add(line.toString());
          line.setLength(0);
        } else if (i + 1 < length) {
          line.append(random.nextBoolean() ? "," : " ,\t");
        }
      }
      if (length > 0) {
        lines.add(line.toString());
      }
      assertThat(client(header, lines)).as("%d: %s", seed, lines).isEqualTo(model(chain));
    }
  }

  private static String model(List<Optional<Address>> chain) {
    Address client = Address.parse(PEER).orElseThrow();
    for (Optional<Address> hop : chain.reversed()) {
      Address speaker = client;
      boolean believed = TRUSTED.stream().anyMatch(range -> range.contains(speaker));
      if (!believed || hop.isEmpty()) {
        break;
      }
      client = hop.get();
    }
    return client.toString();
  }

  private static Optional<Address> hop(Random random) {
    String number = String.valueOf(random.nextInt(256));
    return switch (random.nextInt(7)) {
      case 0 -> Address.parse("192.0.2." + number);
      case 1 -> Address.parse("2001:db8::" + number);
      case 2, 3 -> Address.parse("10.0.0." + number);
      case 4, 5 -> Address.parse("2001:db8:aaaa::" + number);
      default -> Optional.empty();
    };
  }

  private static String written(ForwardedHeader header, Optional<Address> hop, Random random) {
    String node = hop.map(address -> node(address, random)).orElseGet(() -> any(JUNK, random));
    if (header == X_FORWARDED_FOR) {
      return node;
    }
    boolean quoted = hop.isPresent() && (node.contains("[") || random.nextBoolean());
    String pair = any(List.of("for=", "For=", "FOR="), random) + (quoted ? quote(node) : node);
    return any(List.of("", "proto=https;", "by=\"_x,y;for=9.9.9.9\"; "), random)
        + pair
        + any(List.of("", ";host=a", "; ext=\"\\\"\\\\\""), random);
  }

  private static String node(Address address, Random random) {
    String text = address.toString();
    String port = random.nextBoolean() ? ":" + random.nextInt(65_536) : "";
    if (address.isIpv4()) {
      return random.nextInt(4) == 0 ? "::ffff:" + text : text + port;
    }
    return random.nextBoolean() ? "[" + text + "]" + port : text;
  }

  private static String quote(String text) {
    return "\"" + text + "\"";
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  private static String client(ForwardedHeader header, List<String> lines) {
    AuthConfig config = AuthConfig.DEFAULT.proxies(TRUSTED, header);
    return new Forwarding(config, new SimpleMeterRegistry())
        .client(Address.parse(PEER).orElseThrow(), lines)
        .toString();
  }
}
