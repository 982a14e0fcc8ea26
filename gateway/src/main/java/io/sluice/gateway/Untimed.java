package io.sluice.gateway;

import io.vertx.ext.web.RoutingContext;

/** Requests whose time says nothing of the gateway, since they wait for something else. */
public final class Untimed {
  private static final String KEY = "sluice.untimed";

  private Untimed() {}

  public static void mark(RoutingContext http) {
    http.put(KEY, true);
  }

  static boolean is(RoutingContext http) {
    return http.get(KEY) != null;
  }
}
