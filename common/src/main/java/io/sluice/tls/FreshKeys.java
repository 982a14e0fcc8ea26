package io.sluice.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows the certificate that the files hold at the time of the handshake. */
final class FreshKeys extends X509ExtendedKeyManager {
  private final Supplier<X509ExtendedKeyManager> now;

  FreshKeys(Supplier<X509ExtendedKeyManager> now) {
    this.now = now;
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return now.get().getClientAliases(type, issuers);
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return now.get().chooseClientAlias(types, issuers, socket);
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return now.get().chooseEngineClientAlias(types, issuers, engine);
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return now.get().getServerAliases(type, issuers);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return now.get().chooseServerAlias(type, issuers, socket);
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return now.get().chooseEngineServerAlias(type, issuers, engine);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return now.get().getCertificateChain(alias);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return now.get().getPrivateKey(alias);
  }
}
