package io.sluice.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.sluice.Lane;
import io.sluice.Pool;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** A broker seen from its back door, and settings that keep tests apart. */
final class Brokers {
  private Brokers() {}

  /** Names of its own, no settling, and rungs a hundred times shorter. */
  static Settings settings() {
    return settings("t" + UUID.randomUUID().toString().replace("-", "").substring(0, 12));
  }

  static Settings settings(String prefix) {
    return new Settings(
        prefix,
        wait -> wait.dividedBy(100),
        Duration.ZERO,
        Settings.DEFAULT.publishWithin(),
        Settings.DEFAULT.retryWithin());
  }

  static Connection connect(URI broker) {
    try {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(broker);
      return factory.newConnection("test");
    } catch (GeneralSecurityException | IOException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  static void publishRaw(URI broker, String queue, byte[] body) {
    publishRaw(broker, queue, body, Map.of());
  }

  static void publishRaw(URI broker, String queue, byte[] body, Map<String, Object> headers) {
    try (Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish(
          "",
          queue,
          true,
          MessageProperties.PERSISTENT_BASIC.builder().headers(headers).build(),
          body);
      channel.waitForConfirmsOrDie(5000);
    } catch (IOException | TimeoutException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static long waiting(URI broker, String queue) {
    try (Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      return channel.messageCount(queue);
    } catch (IOException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Leaves a shared broker as it was. */
  static void removeAll(URI broker, Settings settings, List<Pool> pools) {
    Topology topology = new Topology(settings, pools);
    try (Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      for (String queue : topology.queues()) {
        channel.queueDelete(queue);
      }
      for (Lane rung : topology.behindExchanges()) {
        channel.exchangeDelete(topology.queue(rung));
      }
    } catch (IOException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
