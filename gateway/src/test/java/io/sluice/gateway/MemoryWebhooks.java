package io.sluice.gateway;

import io.sluice.JobId;
import io.sluice.Webhooks;
import io.vertx.core.Future;
import java.util.List;

/** Nothing is ever told: for tests of everything else. */
final class MemoryWebhooks implements Webhooks {
  /** Whether there is something that could be told again. */
  volatile boolean owes;

  @Override
  public Future<List<Owed>> take(int most, InHand inHand) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Boolean> settle(Owed owed, Tried tried) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<Boolean> again(JobId id) {
    return Future.succeededFuture(owes);
  }
}
