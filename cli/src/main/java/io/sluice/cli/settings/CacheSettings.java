package io.sluice.cli.settings;

import io.sluice.Sharing;
import io.sluice.Tenant;
import io.sluice.gateway.cache.CacheConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether identical jobs share their answers, and how those are kept. */
public record CacheSettings(
    @Setting(
            flag = "--cache",
            variable = "SLUICE_CACHE",
            value = "WHEN",
            standard = "on",
            text =
                "whether identical deterministic jobs (temperature 0, a seed, embeddings) of a"
                    + " tenant share their answers: on or off")
        Use use,
    @Setting(
            flag = "--cache-age",
            variable = "SLUICE_CACHE_AGE",
            value = "TIME",
            standard = "1h",
            min = 1,
            max = 604_800,
            text = "how long an answer is kept, at most 7d")
        Duration age,
    @Setting(
            flag = "--cache-answers",
            variable = "SLUICE_CACHE_ANSWERS",
            value = "N",
            standard = "10000",
            min = 1,
            max = 1_000_000,
            text = "how many answers are kept at most, of all tenants; the oldest go first")
        int answers,
    @Setting(
            flag = "--cache-mib",
            variable = "SLUICE_CACHE_MIB",
            value = "N",
            standard = "64",
            min = 1,
            max = 65_536,
            text = "what they take at most, in MiB; an answer of more than 256 KiB is not kept")
        int mebibytes,
    @Setting(
            flag = "--cache-shared-by",
            variable = "SLUICE_CACHE_SHARED_BY",
            value = "TENANT",
            text =
                "a tenant that shares its answers with the others that are named here, too;"
                    + " several: repeat it, or commas in the variable")
        List<String> sharedBy)
    implements Settings.Checked {

  public CacheSettings {
    sharedBy = List.copyOf(sharedBy);
  }

  /** Whether it is used. */
  public enum Use {
    ON,
    OFF
  }

  @Override
  public List<String> problems(Settings others) {
    return sharedBy.stream()
        .filter(name -> !name.matches(Tenant.NAME_FORM))
        .map(name -> "--cache-shared-by: '" + name + "' is no name of a tenant")
        .toList();
  }

  /** As the gateway takes it. */
  public CacheConfig config() {
    return use == Use.OFF
        ? CacheConfig.OFF
        : new CacheConfig(
            Optional.of(new Sharing.Terms(age, answers, mebibytes * 1024L * 1024)),
            Set.copyOf(sharedBy));
  }
}
