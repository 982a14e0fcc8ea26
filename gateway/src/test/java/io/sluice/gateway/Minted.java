package io.sluice.gateway;

import io.sluice.TokenKey;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.token.Algorithm;
import io.sluice.gateway.token.Binding;
import io.sluice.gateway.token.KeySealing;
import io.sluice.gateway.token.MasterSecret;
import io.sluice.gateway.token.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as tests need them: good ones, and ones that somebody made up. */
final class Minted {
  static final KeySealing SEALING =
      MasterSecret.of("c2x1aWNlIHRlc3RzIGhhdmUgYSBzZWNyZXQgb2YgMzIgYnl0ZXM=");
  static final byte[] TENANT_SECRET =
      "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII);
  static final String TENANT_KID = "team-1";

  private Minted() {}

  static GatewayConfig configured(GatewayConfig config) {
    return config.tokens(config.tokens().sealing(SEALING));
  }

  /** The same with keys that are made in no time. */
  static GatewayConfig ed25519(GatewayConfig config) {
    return ed25519(config, config.tokens().life());
  }

  /** The same with tokens that live so long. */
  static GatewayConfig ed25519(GatewayConfig config, Duration life) {
    TokenConfig standard = config.tokens();
    return config.tokens(
        new TokenConfig(
            Optional.of(SEALING),
            standard.issuer(),
            standard.audience(),
            life,
            standard.refreshLife(),
            standard.refreshIdle(),
            standard.rotation(),
            Algorithm.EDDSA,
            standard.issuers()));
  }

  /** The same with another {@code iss}. */
  static GatewayConfig named(GatewayConfig config, String issuer) {
    return named(config, issuer, config.tokens().audience());
  }

  /** The same with another {@code aud}. */
  static GatewayConfig heard(GatewayConfig config, String audience) {
    return named(config, config.tokens().issuer(), audience);
  }

  private static GatewayConfig named(GatewayConfig config, String issuer, String audience) {
    TokenConfig old = config.tokens();
    return config.tokens(
        new TokenConfig(
            old.sealing(),
            issuer,
            audience,
            old.life(),
            old.refreshLife(),
            old.refreshIdle(),
            old.rotation(),
            old.algorithm(),
            old.issuers()));
  }

  static Answer form(TestGateway sluice, String path, String body) {
    return sluice.send(
        "POST",
        path,
        body,
        "Authorization",
        "",
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  static Answer issue(TestGateway sluice) {
    return form(
        sluice, "/oauth/token", "grant_type=client_credentials&client_secret=" + sluice.key);
  }

  static Answer refresh(TestGateway sluice, String token) {
    return form(sluice, "/oauth/token", "grant_type=refresh_token&refresh_token=" + token);
  }

  /** Sends a request with a token; the status is what matters. */
  static Answer use(TestGateway sluice, String token) {
    return sluice.get("/v1/jobs", "Authorization", "Bearer " + token);
  }

  static TokenKey tenantKey(String tenant) {
    Instant now = Instant.now();
    TokenKey bare =
        new TokenKey(
            TENANT_KID,
            TokenKey.Use.TENANT,
            "HS256",
            Optional.of(tenant),
            "",
            Optional.empty(),
            now,
            now,
            now.plusSeconds(86_400),
            Optional.empty());
    return Binding.sealed(bare, SEALING, TENANT_SECRET);
  }

  static String hs256(String header, String claims, byte[] secret) {
    return signed(part(header) + "." + part(claims), secret);
  }

  /** With the signature of a secret behind it. */
  static String signed(String head, byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return head + "." + part(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** What a tenant's token has to say, from now for so long. */
  static String claims(long issuedIn, long expiresIn, String more) {
    long now = Instant.now().getEpochSecond();
    return Json.write(
            Json.object()
                .put("sub", "alice")
                .put("iat", now + issuedIn)
                .put("exp", now + expiresIn)
                .put("scope", "ollama:chat batch"))
        .replaceFirst("}$", more + "}");
  }

  static String part(String text) {
    return part(text.getBytes(StandardCharsets.UTF_8));
  }

  static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
