package io.sluice.cli.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RabbitMQ, where Sluice runs on many machines. */
public record AmqpSettings(
    @Setting(
            flag = "--amqp-url",
            variable = "SLUICE_AMQP_URL",
            value = "URL",
            text = "RabbitMQ: amqp://user:password@host:5672")
        Optional<ServiceUrl> amqpUrl)
    implements Settings.Checked {

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    amqpUrl
        .flatMap(url -> url.wrongScheme("amqp", "amqps"))
        .map(wrong -> "SLUICE_AMQP_URL: " + wrong)
        .ifPresent(problems::add);
    if (amqpUrl.isPresent() != others.get(RedisSettings.class).redisUrl().isPresent()) {
      problems.add("SLUICE_AMQP_URL and SLUICE_REDIS_URL go together: set both or neither");
    }
    return problems;
  }
}
