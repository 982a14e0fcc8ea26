package io.sluice.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How this process meets a server over TLS. Files that change are read anew at the next handshake.
 * Host names are checked by whoever uses it, always.
 *
 * @param ca the PEM file of the authorities to trust, and no others; those of the JDK without it
 * @param files the certificate to show, if the server asks for one
 */
public record ClientTls(Optional<Path> ca, Optional<IdentityFiles> files) {
  /** Trusts the JDK's authorities and shows nothing. */
  public static final ClientTls DEFAULT = new ClientTls(Optional.empty(), Optional.empty());

  /** How long a session may be resumed, and so what was trusted before a file changed. */
  private static final int SESSION_SECONDS = 60;

  /** The protocols that are spoken. */
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** A client that may name its authority and its own certificate. */
  public static ClientTls of(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    return new ClientTls(
        ca, certificate.flatMap(one -> key.map(other -> new IdentityFiles(one, other))));
  }

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException with one sentence that says which file is wrong, and how
   */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keyManager().map(one -> new KeyManager[] {one}).orElse(null),
          new TrustManager[] {trustManager()},
          null);
      context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS in this JDK", e);
    }
  }

  /** TLS 1.2 and 1.3, whatever else the JDK was told to allow. */
  public static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS.clone());
    return parameters;
  }

  /** Trusts what the authorities issued for the name that was asked for. */
  public X509ExtendedTrustManager trustManager() {
    return ca.<X509ExtendedTrustManager>map(
            file -> new FreshTrust(new Fresh<>(List.of(file), () -> Authorities.read(file))))
        .orElseGet(Authorities::standard);
  }

  /** Shows the certificate, where there is one. */
  public Optional<X509ExtendedKeyManager> keyManager() {
    return files.map(
        own ->
            new FreshKeys(
                new Fresh<>(List.of(own.certificate(), own.key()), () -> own.read().keyManager())));
  }
}
