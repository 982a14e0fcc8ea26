package io.sluice.gateway.files;

import io.sluice.FileStore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Where files are in the store. A file is there when its facts are; they are written after its
 * bytes and deleted before them. Those that expire are named a second time, by the hour in which
 * they do, so that a sweep need not look at all the others.
 */
final class Places {
  static final String TENANTS = "files";
  static final String EXPIRING = "expiring";

  /** More than one folder has. */
  static final int ALL = 1_000_000;

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").withZone(ZoneOffset.UTC);

  private Places() {}

  static String facts(String tenant) {
    return TENANTS + "/" + tenant + "/facts";
  }

  static String facts(String tenant, FileId id) {
    return facts(tenant) + "/" + id;
  }

  static String contents(String tenant) {
    return TENANTS + "/" + tenant + "/contents";
  }

  static String content(String tenant, FileId id) {
    return contents(tenant) + "/" + id;
  }

  static String pins(String tenant, FileId id) {
    return TENANTS + "/" + tenant + "/pins/" + id;
  }

  static String hour(Instant time) {
    return HOUR.format(time);
  }

  static String expiring(String hour, String tenant, FileId id) {
    return EXPIRING + "/" + hour + "/" + tenant + "/" + id;
  }

  static List<String> names(FileStore store, String folder) {
    return store.list(folder, "", ALL).stream().map(FileStore.Entry::name).toList();
  }
}
