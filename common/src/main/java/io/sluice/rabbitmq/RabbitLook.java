package io.sluice.rabbitmq;

import com.rabbitmq.client.Connection;
import io.sluice.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeoutException;

/** One look at a RabbitMQ, for diagnosis. */
public final class RabbitLook {
  private static final int CLOSE_MILLIS = 500;

  private RabbitLook() {}

  /**
   * Logs in and returns its version. Blocks.
   *
   * @throws IllegalArgumentException where the address or a file is wrong
   */
  public static String version(URI uri, ClientTls tls) throws IOException, TimeoutException {
    Connection connection = Broker.at(uri, tls).connect("sluice doctor");
    try {
      return String.valueOf(connection.getServerProperties().get("version"));
    } finally {
      connection.abort(CLOSE_MILLIS);
    }
  }
}
