package io.sluice.cli.settings;

import io.sluice.tls.ClientTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RabbitMQ, where Sluice runs on many machines. */
public record AmqpSettings(
    @Setting(
            flag = "--amqp-url",
            variable = "SLUICE_AMQP_URL",
            value = "URL",
            text = "RabbitMQ: amqp://user:password@host:5672, or amqps:// and port 5671")
        Optional<ServiceUrl> amqpUrl,
    @Setting(
            flag = "--amqp-ca",
            variable = "SLUICE_AMQP_CA",
            value = "FILE",
            text = "who may vouch for RabbitMQ, PEM; else the JDK's authorities")
        Optional<Path> ca,
    @Setting(
            flag = "--amqp-cert",
            variable = "SLUICE_AMQP_CERT",
            value = "FILE",
            text = "the certificate to show to RabbitMQ, PEM")
        Optional<Path> certificate,
    @Setting(
            flag = "--amqp-key",
            variable = "SLUICE_AMQP_KEY",
            value = "FILE",
            text = "its key, PEM, which others must not be able to read")
        Optional<Path> key)
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
    problems.addAll(files().problems(amqpUrl.map(url -> url.uri().toString()), "amqps"));
    return problems;
  }

  /** How RabbitMQ is met over TLS. */
  public ClientTls tls() {
    return files().tls();
  }

  private ClientFiles files() {
    return new ClientFiles("SLUICE_AMQP", ca, certificate, key);
  }
}
