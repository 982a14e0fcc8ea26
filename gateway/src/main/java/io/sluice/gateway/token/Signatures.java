package io.sluice.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Signing and checking, each with a key that has exactly one algorithm. Slow: not for an event
 * loop.
 */
final class Signatures {
  static final int RSA_BITS_MIN = 2_048;
  static final int SECRET_BYTES_MIN = 32;

  private Signatures() {}

  /** Whether a signature is over these bytes. */
  @FunctionalInterface
  interface Check {
    boolean passes(byte[] signed, byte[] signature);
  }

  /** Checks with a shared secret. */
  static Check hs256(byte[] secret) {
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException("an HS256 secret has at least 32 bytes");
    }
    try {
      return nimbus(JWSAlgorithm.HS256, new MACVerifier(secret));
    } catch (JOSEException e) {
      throw new IllegalArgumentException("not a secret for HS256", e);
    }
  }

  /** Checks with a public key, by the one algorithm that it is bound to. */
  static Check of(Algorithm algorithm, PublicKey key) {
    try {
      return switch (algorithm) {
        case RS256 -> nimbus(JWSAlgorithm.RS256, new RSASSAVerifier(strong((RSAPublicKey) key)));
        case ES256 -> nimbus(JWSAlgorithm.ES256, new ECDSAVerifier((ECPublicKey) key));
        case EDDSA -> (signed, signature) -> ed25519(key, signed, signature);
        case HS256 -> throw new IllegalArgumentException("HS256 has no public key");
      };
    } catch (JOSEException | ClassCastException e) {
      throw new IllegalArgumentException("not a key for " + algorithm.wireName(), e);
    }
  }

  static byte[] sign(Algorithm algorithm, PrivateKey key, byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(javaName(algorithm));
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a signing key that cannot sign", e);
    }
  }

  private static String javaName(Algorithm algorithm) {
    return switch (algorithm) {
      case RS256 -> "SHA256withRSA";
      case EDDSA -> "Ed25519";
      case ES256, HS256 -> throw new IllegalArgumentException("Sluice does not sign with it");
    };
  }

  private static RSAPublicKey strong(RSAPublicKey key) {
    if (key.getModulus().bitLength() < RSA_BITS_MIN) {
      throw new IllegalArgumentException("an RSA key has at least 2048 bits");
    }
    return key;
  }

  private static Check nimbus(JWSAlgorithm algorithm, JWSVerifier verifier) {
    JWSHeader header = new JWSHeader(algorithm);
    return (signed, signature) -> {
      try {
        return verifier.verify(header, signed, Base64URL.encode(signature));
      } catch (JOSEException e) {
        return false;
      }
    };
  }

  /** By the JDK: Nimbus would need another library for it. */
  private static boolean ed25519(PublicKey key, byte[] signed, byte[] signature) {
    try {
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(signed);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
