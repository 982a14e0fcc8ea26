package io.sluice.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.sluice.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** Where the broker is and how it is spoken to. */
final class Broker {
  private static final int SECOND = 1000;

  private final ConnectionFactory factory;

  private Broker(ConnectionFactory factory) {
    this.factory = factory;
  }

  static Broker at(URI uri, ClientTls tls) {
    ConnectionFactory factory = configured(address(uri));
    if (factory.isSSL()) {
      // The client's own default for amqps trusts any certificate.
      factory.useSslProtocol(tls.context());
      factory.enableHostnameVerification();
    }
    return new Broker(factory);
  }

  Connection connect(String name) throws IOException, TimeoutException {
    return factory.newConnection(name);
  }

  /** The address without the credentials. */
  @Override
  public String toString() {
    return factory.getHost() + ":" + factory.getPort();
  }

  private static ConnectionFactory address(URI uri) {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(withoutEmptyVhost(uri));
      return factory;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not an AMQP URL: " + e.getMessage(), e);
    }
  }

  private static ConnectionFactory configured(ConnectionFactory factory) {
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat(20);
    factory.setConnectionTimeout(3 * SECOND);
    factory.setHandshakeTimeout(5 * SECOND);
    factory.setChannelRpcTimeout(10 * SECOND);
    factory.setShutdownTimeout(2 * SECOND);
    // The largest that any broker passes on: a stray message must not cut the connection.
    factory.setMaxInboundMessageBodySize(512 * 1024 * 1024);
    factory.setThreadFactory(Thread.ofPlatform().daemon().name("sluice-amqp-", 0).factory());
    return factory;
  }

  /** A lone slash would name the vhost "", which nobody has; everybody means the default one. */
  private static URI withoutEmptyVhost(URI uri) {
    String text = uri.toString();
    return "/".equals(uri.getRawPath()) && text.endsWith("/")
        ? URI.create(text.substring(0, text.length() - 1))
        : uri;
  }
}
