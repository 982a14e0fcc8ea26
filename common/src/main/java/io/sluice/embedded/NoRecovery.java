package io.sluice.embedded;

import io.sluice.JobMessage;
import io.sluice.Recovery;
import io.vertx.core.Future;
import java.util.Optional;

/** The recovery of a store that cannot lose its records: queue and store are one database. */
final class NoRecovery implements Recovery {
  @Override
  public Future<Optional<Epoch>> begin(String walker) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Void> restore(JobMessage message) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> complete(Epoch epoch) {
    return Future.succeededFuture();
  }
}
