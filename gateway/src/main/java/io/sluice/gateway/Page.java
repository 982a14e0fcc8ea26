package io.sluice.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The pages that are not about jobs: the measurements, and the description of the surface. */
final class Page {
  private Page() {}

  static Handler<RoutingContext> metrics(PrometheusMeterRegistry meters) {
    return http ->
        Reply.text(http, 200, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
  }

  static Handler<RoutingContext> openApi() {
    String text = resource("openapi.yaml");
    return http -> Reply.text(http, 200, "application/yaml; charset=utf-8", text);
  }

  private static String resource(String name) {
    try (InputStream file = Page.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
