package io.sluice.embedded;

import io.sluice.Elections;
import io.vertx.core.Future;
import java.time.Duration;

/** The elections of a store that one process alone may open: whoever stands is elected. */
final class Unopposed implements Elections {
  @Override
  public Future<Boolean> stand(String office, String candidate, Duration term) {
    return Future.succeededFuture(true);
  }

  @Override
  public Future<Void> resign(String office, String candidate) {
    return Future.succeededFuture();
  }
}
