package io.sluice.gateway.held;

import io.vertx.ext.web.RoutingContext;

/**
 * Whether the client of a request still waits: watched from its first moment, since it may leave
 * while its job is on its way. Belongs to the context of the request.
 */
final class Client {
  private boolean gone;
  private Runnable then = () -> {};

  Client(RoutingContext http) {
    http.addEndHandler(over -> left());
  }

  boolean isGone() {
    return gone;
  }

  /**
   * @param left is told at once or later, and once; also after the whole answer
   */
  void whenGone(Runnable left) {
    then = left;
    if (gone) {
      left.run();
    }
  }

  private void left() {
    if (!gone) {
      gone = true;
      then.run();
    }
  }
}
