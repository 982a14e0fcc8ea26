package io.sluice.tls;

import io.sluice.disk.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * What one side of a connection shows: a certificate, those that issued it, and its key.
 *
 * @param chain its own certificate first, then each one's issuer; at least one
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final char[] NO_PASSWORD = new char[0];

  public Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads PEM files and makes sure that they belong together. Dates are not looked at.
   *
   * @param key PKCS#8, or PKCS#1; refused where others can read it
   * @throws IllegalArgumentException with one sentence that says which file is wrong, and how
   */
  public static Identity read(Path certificates, Path key) {
    Identity identity =
        new Identity(
            in(certificates, () -> Pem.certificates(SmallFile.read(certificates))),
            in(key, () -> Pem.privateKey(SmallFile.secret(key))));
    identity.requireOrder(certificates);
    identity.requireMatch(certificates, key);
    return identity;
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** When the first certificate of the chain expires. */
  public Instant expires() {
    return chain.stream()
        .map(one -> one.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Whether every certificate of the chain is valid at this moment. */
  public boolean validAt(Instant now) {
    return chain.stream()
        .noneMatch(
            one ->
                now.isBefore(one.getNotBefore().toInstant())
                    || now.isAfter(one.getNotAfter().toInstant()));
  }

  /** Whether a client that asked for this name or address accepts the certificate (RFC 9525). */
  public boolean covers(String host) {
    return HostNames.cover(certificate(), host);
  }

  /** The serial number, as tools print it. */
  public String serial() {
    return certificate().getSerialNumber().toString(16);
  }

  /** Shows this identity to whoever asks. */
  public X509ExtendedKeyManager keyManager() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      for (KeyManager manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager one) {
          return one;
        }
      }
      throw new IllegalStateException("no key manager for X.509");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key that was read cannot be used", e);
    }
  }

  /** Never shows the key. */
  @Override
  public String toString() {
    return certificate().getSubjectX500Principal() + " serial " + serial();
  }

  private void requireOrder(Path file) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      try {
        chain.get(i).verify(chain.get(i + 1).getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException(
            file + ": its own certificate must come first, then the issuer of each one before");
      }
    }
  }

  private void requireMatch(Path certificates, Path file) {
    byte[] text = {1, 2, 3};
    try {
      Signature signing = Signature.getInstance(algorithm());
      signing.initSign(key);
      signing.update(text);
      byte[] signed = signing.sign();
      Signature checking = Signature.getInstance(algorithm());
      checking.initVerify(certificate().getPublicKey());
      checking.update(text);
      if (checking.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // A key of another kind than the certificate's: said below.
    }
    throw new IllegalArgumentException(file + " is not the key of " + certificates);
  }

  private String algorithm() {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }

  private static <T> T in(Path file, java.util.function.Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      String said = String.valueOf(e.getMessage());
      throw said.contains(file.toString()) ? e : new IllegalArgumentException(file + ": " + said);
    }
  }
}
