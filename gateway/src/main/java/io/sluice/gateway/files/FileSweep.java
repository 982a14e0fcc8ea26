package io.sluice.gateway.files;

import io.sluice.FileStore;
import io.sluice.gateway.upkeep.Repeated;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes files that have expired, and bytes of files that a gateway died over before it told of
 * them, or after it deleted them. Every gateway does it; twice does no harm. Its rounds are run by
 * one thread.
 */
public final class FileSweep {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration ORPHANS_EVERY = Duration.ofHours(1);

  private final Files files;
  private final FileStore store;
  private final InstantSource clock;
  private Instant orphansDue = Instant.MIN;
  private Set<String> orphans = Set.of();

  public FileSweep(Files files, FileStore store, InstantSource clock) {
    this.files = files;
    this.store = store;
    this.clock = clock;
  }

  public Repeated repeated() {
    return new Repeated("file-sweep", PAUSE, this::round);
  }

  void round() {
    Instant now = clock.instant();
    for (String hour : Places.names(store, Places.EXPIRING)) {
      if (hour.compareTo(Places.hour(now)) <= 0) {
        hour(hour, now);
      }
    }
    if (!now.isBefore(orphansDue)) {
      orphansDue = now.plus(ORPHANS_EVERY);
      orphans();
    }
  }

  private void hour(String hour, Instant now) {
    for (String tenant : Places.names(store, Places.EXPIRING + "/" + hour)) {
      for (String name : Places.names(store, Places.EXPIRING + "/" + hour + "/" + tenant)) {
        FileId id = new FileId(name);
        if (files.facts(tenant, id).filter(file -> !file.isExpired(now)).isEmpty()
            && files.delete(tenant, id) != Files.Deletion.IN_USE) {
          store.delete(Places.expiring(hour, tenant, id));
        }
      }
    }
  }

  /** One that is seen twice, an hour apart, is nobody's who is about to tell of it. */
  private void orphans() {
    Set<String> seen = new HashSet<>();
    for (String tenant : Places.names(store, Places.TENANTS)) {
      List<String> contents = Places.names(store, Places.contents(tenant));
      Set<String> told =
          Places.names(store, Places.facts(tenant)).stream().collect(Collectors.toSet());
      for (String name : contents) {
        if (!told.contains(name)) {
          seen.add(Places.contents(tenant) + "/" + name);
        }
      }
    }
    seen.stream().filter(orphans::contains).forEach(store::delete);
    orphans = seen;
  }
}
