package io.sluice.cli.settings;

import java.util.List;
import java.util.Optional;

/** Redis, where Sluice runs on many machines. */
public record RedisSettings(
    @Setting(
            flag = "--redis-url",
            variable = "SLUICE_REDIS_URL",
            value = "URL",
            text = "Redis: redis://:password@host:6379")
        Optional<ServiceUrl> redisUrl)
    implements Settings.Checked {

  @Override
  public List<String> problems(Settings others) {
    return redisUrl
        .flatMap(url -> url.wrongScheme("redis", "rediss"))
        .map(wrong -> "SLUICE_REDIS_URL: " + wrong)
        .stream()
        .toList();
  }
}
