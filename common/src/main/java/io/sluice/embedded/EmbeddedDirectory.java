package io.sluice.embedded;

import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory of a data directory alone: usable while another process has that open, which sees
 * every change at once.
 */
public final class EmbeddedDirectory implements Directory, AutoCloseable {
  private final Database database;
  private final Directory directory;
  private final Tenants tenants;
  private final TokenKeys tokenKeys;

  private EmbeddedDirectory(Database database) {
    this.database = database;
    this.directory = new SqliteDirectory(database);
    this.tenants = new SqliteTenants(database);
    this.tokenKeys = new SqliteTokenKeys(database, InstantSource.system());
  }

  static EmbeddedDirectory open(Path directory) {
    Path file = DataDirectory.database(DataDirectory.make(directory));
    return new EmbeddedDirectory(Database.open(file, sql -> null));
  }

  /** What is set for tenants, in the same folder. */
  public Tenants tenants() {
    return tenants;
  }

  /** The keys of tokens, in the same folder. */
  public TokenKeys tokenKeys() {
    return tokenKeys;
  }

  @Override
  public Future<Optional<ApiKey>> key(String id) {
    return directory.key(id);
  }

  @Override
  public Future<Void> add(ApiKey key) {
    return directory.add(key);
  }

  @Override
  public Future<List<ApiKey>> keys() {
    return directory.keys();
  }

  @Override
  public Future<Boolean> revoke(String id, Instant now) {
    return directory.revoke(id, now);
  }

  @Override
  public Future<Void> used(Map<String, ApiKey.LastUse> uses) {
    return directory.used(uses);
  }

  @Override
  public void close() {
    database.close();
  }
}
