package io.sluice.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.sluice.TokenKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A key that Sluice signs with. */
record SigningKey(TokenKey record, Algorithm algorithm, PrivateKey secret) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ED25519_BYTES = 32;
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** A new key; slow. */
  static TokenKey generate(
      Algorithm algorithm, KeySealing sealing, Instant now, Instant from, Instant until) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family(algorithm));
      if (algorithm == Algorithm.RS256) {
        generator.initialize(Signatures.RSA_BITS_MIN);
      }
      KeyPair pair = generator.generateKeyPair();
      byte[] name = new byte[8];
      RANDOM.nextBytes(name);
      String kid = "sig-" + HexFormat.of().formatHex(name);
      TokenKey bare =
          new TokenKey(
              kid,
              TokenKey.Use.SIGNING,
              algorithm.wireName(),
              Optional.empty(),
              "",
              Optional.of(jwk(kid, algorithm, pair.getPublic()).toJSONString()),
              now,
              from,
              until,
              Optional.empty());
      return Binding.sealed(bare, sealing, pair.getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java makes such keys", e);
    }
  }

  /** Opens what the store holds; an {@link IllegalArgumentException} says what is wrong with it. */
  static SigningKey open(TokenKey key, KeySealing sealing) {
    Algorithm algorithm = algorithm(key);
    byte[] secret = unseal(key, sealing);
    try {
      PrivateKey opened =
          KeyFactory.getInstance(family(algorithm))
              .generatePrivate(new PKCS8EncodedKeySpec(secret));
      SigningKey signing = new SigningKey(key, algorithm, opened);
      signing.proveItself();
      return signing;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(key.kid() + " holds no private key", e);
    }
  }

  static byte[] unseal(TokenKey key, KeySealing sealing) {
    return sealing
        .open(Binding.of(key), key.sealed())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    key.kid()
                        + " was not sealed as it stands with this master secret (SLUICE_SECRET)"));
  }

  private static Algorithm algorithm(TokenKey key) {
    return Algorithm.of(key.algorithm())
        .filter(it -> it == Algorithm.RS256 || it == Algorithm.EDDSA)
        .orElseThrow(() -> new IllegalArgumentException(key.kid() + " has no usable algorithm"));
  }

  /** The public part is not sealed: who writes the store could put another one there. */
  private void proveItself() {
    byte[] sample = record.kid().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (!check().passes(sample, Signatures.sign(algorithm, secret, sample))) {
      throw new IllegalArgumentException(record.kid() + ": its public part is of another key");
    }
  }

  Signatures.Check check() {
    return Signatures.of(algorithm, publicKey());
  }

  JWK jwk() {
    try {
      return JWK.parse(record.publicJwk().orElse("{}")).toPublicJWK();
    } catch (ParseException e) {
      throw new IllegalArgumentException(record.kid() + " has no public part", e);
    }
  }

  private PublicKey publicKey() {
    return publicKey(jwk());
  }

  /** The public key of a published key, whatever its kind. */
  static PublicKey publicKey(JWK jwk) {
    try {
      return switch (jwk) {
        case RSAKey rsa -> rsa.toRSAPublicKey();
        case com.nimbusds.jose.jwk.ECKey ec when Curve.P_256.equals(ec.getCurve()) ->
            ec.toECPublicKey();
        case OctetKeyPair okp when Curve.Ed25519.equals(okp.getCurve()) ->
            ed25519(okp.getDecodedX());
        default -> throw new IllegalArgumentException("a kind of key that is not taken");
      };
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalArgumentException("not a public key", e);
    }
  }

  private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + point.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static JWK jwk(String kid, Algorithm algorithm, PublicKey key) {
    com.nimbusds.jose.JWSAlgorithm name =
        com.nimbusds.jose.JWSAlgorithm.parse(algorithm.wireName());
    if (key instanceof RSAPublicKey rsa) {
      return new RSAKey.Builder(rsa).keyID(kid).algorithm(name).keyUse(KeyUse.SIGNATURE).build();
    }
    byte[] encoded = key.getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
        .keyID(kid)
        .algorithm(name)
        .keyUse(KeyUse.SIGNATURE)
        .build();
  }

  private static String family(Algorithm algorithm) {
    return algorithm == Algorithm.RS256 ? "RSA" : "Ed25519";
  }
}
