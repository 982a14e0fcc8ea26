package io.sluice.embedded;

import io.sluice.Tenant;
import io.sluice.Tenants;
import io.sluice.codec.TenantCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Tenants as rows, read anew each time. */
final class SqliteTenants implements Tenants {
  private final Database database;

  SqliteTenants(Database database) {
    this.database = database;
  }

  @Override
  public Future<Optional<Tenant>> find(String name) {
    return database
        .read(
            sql ->
                sql.first(
                    "SELECT record FROM tenants WHERE name = ?", row -> row.getString(1), name))
        .map(found -> found.map(TenantCodec::read));
  }

  @Override
  public Future<Void> put(Tenant tenant) {
    return database.write(
        sql -> {
          sql.update(
              "INSERT OR REPLACE INTO tenants (name, record) VALUES (?, ?)",
              tenant.name(),
              TenantCodec.write(tenant));
          return null;
        });
  }

  @Override
  public Future<List<Tenant>> all() {
    return database
        .read(sql -> sql.all("SELECT record FROM tenants ORDER BY name", row -> row.getString(1)))
        .map(records -> records.stream().map(TenantCodec::read).toList());
  }

  @Override
  public Future<Boolean> remove(String name) {
    return database.write(sql -> sql.update("DELETE FROM tenants WHERE name = ?", name) > 0);
  }
}
