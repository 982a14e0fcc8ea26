package io.sluice.redis;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import io.sluice.tls.ClientTls;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import org.redisson.config.Config;
import org.redisson.config.SslProvider;
import org.redisson.config.SslVerificationMode;

/** TLS as the client library takes it: TLS 1.2 and 1.3, the chain and the host's name checked. */
final class Transport {
  private Transport() {}

  static void encrypt(Config config, ClientTls tls) {
    config
        .setSslProvider(SslProvider.JDK)
        .setSslProtocols(new String[] {"TLSv1.3", "TLSv1.2"})
        .setSslVerificationMode(SslVerificationMode.STRICT)
        .setSslTrustManagerFactory(new Trust(tls.trustManager()));
    tls.keyManager().map(Keys::new).ifPresent(config::setSslKeyManagerFactory);
  }

  private static final class Trust extends SimpleTrustManagerFactory {
    private final TrustManager manager;

    Trust(TrustManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(KeyStore store) {
      // It has its authorities already.
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
      // It has its authorities already.
    }

    @Override
    protected TrustManager[] engineGetTrustManagers() {
      return new TrustManager[] {manager};
    }
  }

  private static final class Keys extends SimpleKeyManagerFactory {
    private final KeyManager manager;

    Keys(KeyManager manager) {
      this.manager = manager;
    }

    @Override
    protected void engineInit(KeyStore store, char[] password) {
      // It has its key already.
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
      // It has its key already.
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
      return new KeyManager[] {manager};
    }
  }
}
