package io.sluice.embedded;

import io.sluice.Conversation;
import io.sluice.Subscription;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** A fleet of one: no other worker has any conversation, and there is no lane to hand it over. */
final class NobodyElse implements WarmSessions, WarmLanes {
  @Override
  public Future<Void> served(Conversation conversation, String worker, int tokens) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<Host>> find(Conversation conversation) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Presence> present(String worker, Optional<Duration> expectedWait) {
    return Future.succeededFuture(Presence.NONE);
  }

  @Override
  public Future<Void> leave(String worker) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Boolean> reserve(int lane, Duration within) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<Void> handed(String worker) {
    return Future.succeededFuture();
  }

  @Override
  public Subscription watch(String worker, Runnable wake) {
    return () -> {};
  }
}
