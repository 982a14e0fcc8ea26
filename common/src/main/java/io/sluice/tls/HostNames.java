package io.sluice.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The names that a certificate is for, as RFC 9525 reads them: subject alternative names only, and
 * a star for one leftmost label. Only for messages and choices: handshakes are checked by the JDK.
 */
final class HostNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private HostNames() {}

  static boolean cover(X509Certificate certificate, String host) {
    String asked = host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    return names(certificate).stream()
        .anyMatch(
            name ->
                switch ((Integer) name.get(0)) {
                  case DNS -> matches(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT), asked);
                  case ADDRESS -> same(String.valueOf(name.get(1)), asked);
                  default -> false;
                });
  }

  private static boolean matches(String name, String asked) {
    if (!name.startsWith("*.")) {
      return name.equals(asked);
    }
    int dot = asked.indexOf('.');
    return dot > 0 && asked.substring(dot).equals(name.substring(1));
  }

  /** The JDK writes IPv6 addresses without shortening, as Java's own addresses do. */
  private static boolean same(String address, String asked) {
    return address.equals(asked) || asked.equals("::1") && address.equals("0:0:0:0:0:0:0:1");
  }

  private static Collection<List<?>> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
