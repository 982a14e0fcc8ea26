package io.sluice.gateway;

import static io.sluice.Await.await;

import io.sluice.ApiKey;
import io.sluice.address.AddressRange;
import io.sluice.auth.ApiKeys;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.auth.ForwardedHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** Requests from any address, by way of a proxy on loopback that the gateway trusts. */
final class Elsewhere {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Elsewhere() {}

  /** A gateway that takes the word of loopback. */
  static GatewayConfig trusting(GatewayConfig config) {
    AuthConfig auth = config.auth();
    return config.auth(
        auth.proxies(List.of(AddressRange.parse("127.0.0.0/8")), ForwardedHeader.X_FORWARDED_FOR));
  }

  /** Shows a credential from there; what the gate says of it is what matters. */
  static Answer show(TestGateway sluice, String address, String credential) {
    return sluice.get(
        "/v1/jobs", "X-Forwarded-For", address, "Authorization", "Bearer " + credential);
  }

  static Answer form(TestGateway sluice, String address, String body) {
    return sluice.send(
        "POST",
        "/oauth/token",
        body,
        "X-Forwarded-For",
        address,
        "Authorization",
        "",
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  static Answer issue(TestGateway sluice, String address, String key) {
    return form(sluice, address, "grant_type=client_credentials&client_secret=" + key);
  }

  static String id(String key) {
    return ApiKeys.parse(key).orElseThrow().id();
  }

  /** The key with this text, as the directory has it. */
  static ApiKey stored(TestGateway sluice, String key) {
    return await(sluice.directory.key(id(key))).orElseThrow();
  }

  /** A key in valid form with this id and a secret that nobody has. */
  static String madeUp(String id) {
    String body = "sk_" + id + "A".repeat(43);
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    StringBuilder checksum = new StringBuilder();
    for (long rest = crc.getValue(); checksum.length() < 6; rest /= DIGITS.length()) {
      checksum.insert(0, DIGITS.charAt((int) (rest % DIGITS.length())));
    }
    return body + checksum;
  }
}
