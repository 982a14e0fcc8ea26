package io.sluice.cli.settings;

import java.util.List;
import java.util.Optional;

/** RabbitMQ and Redis, where Sluice runs on many machines. */
public record BrokerSettings(
    @Setting(
            flag = "--amqp-url",
            variable = "SLUICE_AMQP_URL",
            value = "URL",
            text = "RabbitMQ: amqp://user:password@host:5672")
        Optional<ServiceUrl> amqpUrl,
    @Setting(
            flag = "--redis-url",
            variable = "SLUICE_REDIS_URL",
            value = "URL",
            text = "Redis: redis://:password@host:6379")
        Optional<ServiceUrl> redisUrl)
    implements Settings.Checked {

  public boolean distributed() {
    return amqpUrl.isPresent();
  }

  @Override
  public List<String> problems() {
    if (amqpUrl.isPresent() == redisUrl.isPresent()) {
      return List.of();
    }
    return List.of("SLUICE_AMQP_URL and SLUICE_REDIS_URL go together: set both or neither");
  }
}
