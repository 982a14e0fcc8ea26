package io.sluice.gateway;

import io.sluice.Elections;
import io.vertx.core.Future;
import java.time.Duration;

/** Elections that a test decides: at first somebody else holds every office. */
final class MemoryElections implements Elections {
  volatile String holder = "another gateway";

  @Override
  public Future<Boolean> stand(String office, String candidate, Duration term) {
    return Future.succeededFuture(candidate.equals(holder));
  }

  @Override
  public Future<Void> resign(String office, String candidate) {
    holder = "nobody";
    return Future.succeededFuture();
  }
}
