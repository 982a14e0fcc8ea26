package io.sluice.cli.compose;

import io.sluice.cli.doctor.Check;
import io.sluice.cli.doctor.Finding;
import io.sluice.cli.doctor.Versions;
import io.sluice.redis.RedisLook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether Redis answers, keeps what it is given, and is new enough. */
public final class RedisCheck implements Check {
  private static final String OLDEST = "6.2";

  /** The first of each line in which a script cannot break out (CVE-2025-49844). */
  private static final Map<String, String> MENDED =
      Map.of("6.2", "6.2.20", "7.2", "7.2.11", "7.4", "7.4.6", "8.0", "8.0.4", "8.2", "8.2.2");

  private final ServerAddress redis;

  public RedisCheck(ServerAddress redis) {
    this.redis = redis;
  }

  @Override
  public String about() {
    return "redis";
  }

  @Override
  public List<Finding> look() {
    try {
      RedisLook look = RedisLook.at(redis.uri(), redis.tls());
      List<Finding> found = new ArrayList<>();
      found.add(version(look.value("redis_version")));
      found.add(keeping(look));
      found.add(
          Crossing.of(about(), redis.uri(), "rediss").orElse(Finding.ok(about(), "over TLS")));
      return found;
    } catch (IOException | IllegalArgumentException e) {
      return List.of(
          Finding.failed(
              about(),
              "no answer: " + e.getMessage(),
              "start it, or correct SLUICE_REDIS_URL and its files"));
    }
  }

  private Finding version(String version) {
    if (!Versions.atLeast(version, OLDEST)) {
      return Finding.failed(about(), "version " + version, "update it to " + OLDEST + " or newer");
    }
    String line = version.replaceFirst("^([0-9]+\\.[0-9]+).*", "$1");
    boolean mended =
        MENDED.containsKey(line)
            ? Versions.atLeast(version, MENDED.get(line))
            : Versions.atLeast(version, "8.3");
    return mended
        ? Finding.ok(about(), "answers, version " + version)
        : Finding.warning(
            about(),
            "answers, version " + version + ", in which a script may break out (CVE-2025-49844)",
            "update it, unless your distribution has mended this version");
  }

  private Finding keeping(RedisLook look) {
    List<String> wrong = new ArrayList<>();
    if (!look.value("aof_enabled").equals("1")) {
      wrong.add("appendonly yes");
    }
    if (!look.value("maxmemory_policy").equals("noeviction")) {
      wrong.add("maxmemory-policy noeviction");
    }
    if (look.value("aof_last_write_status").equals("err")) {
      wrong.add("a disk that takes the append-only file");
    }
    return wrong.isEmpty()
        ? Finding.ok(about(), "keeps what it is given: append-only file, noeviction")
        : Finding.failed(about(), "would lose jobs", "set: " + String.join("; ", wrong));
  }
}
