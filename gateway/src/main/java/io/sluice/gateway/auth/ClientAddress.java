package io.sluice.gateway.auth;

import io.vertx.ext.web.RoutingContext;

/** The address that a request came from: that of the socket. */
public final class ClientAddress {
  private ClientAddress() {}

  /** As text without a port, for decisions and for the audit log. */
  public static String of(RoutingContext http) {
    return http.request().remoteAddress().hostAddress();
  }
}
