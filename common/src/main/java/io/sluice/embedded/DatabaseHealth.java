package io.sluice.embedded;

import io.sluice.HealthCheck;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Whether the database takes a transaction and answers a reader in time. */
record DatabaseHealth(Database database) implements HealthCheck {
  @Override
  public String name() {
    return Database.PART;
  }

  @Override
  public Future<Void> check() {
    return database
        .<Void>write(sql -> null)
        .compose(written -> database.<Void>read(sql -> null))
        .timeout(1400, TimeUnit.MILLISECONDS);
  }
}
