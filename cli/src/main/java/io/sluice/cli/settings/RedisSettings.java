package io.sluice.cli.settings;

import io.sluice.tls.ClientTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Redis, where Sluice runs on many machines. */
public record RedisSettings(
    @Setting(
            flag = "--redis-url",
            variable = "SLUICE_REDIS_URL",
            value = "URL",
            text = "Redis: redis://:password@host:6379, or rediss:// for TLS")
        Optional<ServiceUrl> redisUrl,
    @Setting(
            flag = "--redis-ca",
            variable = "SLUICE_REDIS_CA",
            value = "FILE",
            text = "who may vouch for Redis, PEM; else the JDK's authorities")
        Optional<Path> ca,
    @Setting(
            flag = "--redis-cert",
            variable = "SLUICE_REDIS_CERT",
            value = "FILE",
            text = "the certificate to show to Redis, PEM")
        Optional<Path> certificate,
    @Setting(
            flag = "--redis-key",
            variable = "SLUICE_REDIS_KEY",
            value = "FILE",
            text = "its key, PEM, which others must not be able to read")
        Optional<Path> key)
    implements Settings.Checked {

  @Override
  public List<String> problems(Settings others) {
    List<String> problems =
        new ArrayList<>(files().problems(redisUrl.map(url -> url.uri().toString()), "rediss"));
    redisUrl
        .flatMap(url -> url.wrongScheme("redis", "rediss"))
        .map(wrong -> "SLUICE_REDIS_URL: " + wrong)
        .ifPresent(problems::add);
    return problems;
  }

  /** How Redis is met over TLS. */
  public ClientTls tls() {
    return files().tls();
  }

  private ClientFiles files() {
    return new ClientFiles("SLUICE_REDIS", ca, certificate, key);
  }
}
