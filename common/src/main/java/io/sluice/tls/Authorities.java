package io.sluice.tls;

import io.sluice.disk.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whose certificates are trusted. */
final class Authorities {
  private Authorities() {}

  /** Those of a PEM file, and no others. */
  static X509ExtendedTrustManager read(Path file) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (X509Certificate one : Pem.certificates(SmallFile.read(file))) {
        store.setCertificateEntry("ca" + number++, one);
      }
      return manager(store);
    } catch (IllegalArgumentException e) {
      String said = String.valueOf(e.getMessage());
      throw said.contains(file.toString()) ? e : new IllegalArgumentException(file + ": " + said);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that were read cannot be used", e);
    }
  }

  /** Those of the JDK. */
  static X509ExtendedTrustManager standard() {
    try {
      return manager(null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's certificate authorities cannot be read", e);
    }
  }

  private static X509ExtendedTrustManager manager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager one) {
        return one;
      }
    }
    throw new IllegalStateException("no trust manager for X.509");
  }
}
