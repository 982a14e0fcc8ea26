package io.sluice.tls;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The suites that a server of Sluice offers: authenticated encryption with a fresh key for each
 * connection, and nothing else (RFC 9325 section 4.2; RFC 9113 section 9.2.2 for HTTP/2).
 */
public final class CipherSuites {
  private CipherSuites() {}

  /** What the JDK has of them, in its order of preference. */
  public static List<String> strong() {
    try {
      return Stream.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
          .filter(CipherSuites::isStrong)
          .toList();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no TLS in this JDK", e);
    }
  }

  private static boolean isStrong(String suite) {
    boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
    boolean tls13 = !suite.contains("_WITH_") && suite.startsWith("TLS_");
    return authenticated && (tls13 || suite.startsWith("TLS_ECDHE_"));
  }
}
