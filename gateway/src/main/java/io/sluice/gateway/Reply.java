package io.sluice.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** How answers are written, but for problems. */
public final class Reply {
  private Reply() {}

  public static void json(RoutingContext http, int status, JsonNode body) {
    json(http, status, Json.write(body));
  }

  /**
   * @param body JSON
   */
  public static void json(RoutingContext http, int status, String body) {
    text(http, status, "application/json; charset=utf-8", body);
  }

  public static void text(RoutingContext http, int status, String type, String body) {
    HttpServerResponse response = http.response();
    if (response.closed() || response.ended()) {
      return;
    }
    head(http, status).putHeader("Content-Type", type);
    Unsent.of(http).end(http, body);
  }

  /** A page that is the same for everybody: one copy of it serves all. */
  static void shared(RoutingContext http, String type, Buffer page) {
    HttpServerResponse response = http.response();
    if (!response.closed() && !response.ended()) {
      head(http, 200).putHeader("Content-Type", type);
      Unsent.of(http).endShared(http, page);
    }
  }

  public static void empty(RoutingContext http, int status) {
    if (!http.response().closed()) {
      head(http, status).end();
    }
  }

  private static HttpServerResponse head(RoutingContext http, int status) {
    return http.response()
        .setStatusCode(status)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
  }
}
