package io.sluice.gateway;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The pages that are not about jobs: the measurements, and the description of the surface. */
final class Page {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Page() {}

  /** Made off the event loop, and once a second at most, since strangers may ask for it. */
  static Handler<RoutingContext> metrics(Vertx vertx, PrometheusMeterRegistry meters) {
    SharedAnswer<Buffer> page =
        new SharedAnswer<>(
            () -> vertx.executeBlocking(() -> Buffer.buffer(meters.scrape()), false));
    return http ->
        OnContext.within(vertx, LIMIT, page.get(), Page::late)
            .onSuccess(made -> Reply.shared(http, "text/plain; version=0.0.4; charset=utf-8", made))
            .onFailure(http::fail);
  }

  private static Future<Buffer> late() {
    return Future.failedFuture(
        ProblemCode.OVERLOADED.with("The measurements were not gathered in time.").refusal());
  }

  static Handler<RoutingContext> openApi() {
    Buffer page = Buffer.buffer(resource("openapi.yaml"));
    return http -> Reply.shared(http, "application/yaml; charset=utf-8", page);
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
