package io.sluice.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.gateway.connection.Guarded;
import io.sluice.gateway.problem.EarlyEnd;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemHandler;
import io.sluice.gateway.tls.ServerCertificate;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One HTTP server per event loop, all on the same port. */
final class HttpServers {
  private static final int LINE_BYTES_MAX = 4 * 1024;
  private static final int HEADER_BYTES_MAX = 8 * 1024;

  /** Requests at a time on one connection of HTTP/2, and what they may send ahead together. */
  private static final int STREAMS_MAX = 100;

  private static final int WINDOW_BYTES = 1024 * 1024;

  private static final long STOP_SECONDS = 3;

  private final Vertx vertx;
  private final GatewayConfig config;
  private final Guarded guarded;
  private final Optional<ServerCertificate> certificate;
  private final ProblemHandler problems;
  private final List<HttpServer> listening = new CopyOnWriteArrayList<>();
  private final AtomicInteger port = new AtomicInteger();
  private volatile String deployment = "";

  HttpServers(
      Vertx vertx,
      GatewayConfig config,
      Optional<ServerCertificate> certificate,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.config = config;
    this.certificate = certificate;
    this.guarded =
        new Guarded(
            new Http1ServerConfig()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX),
            config.limits().connections().headDeadline(),
            config.limits().connections().idleMax(),
            meters);
    this.problems = new ProblemHandler(vertx);
  }

  Future<Void> start(Routes routes) {
    return vertx
        .deployVerticle(() -> new Server(routes), new DeploymentOptions().setInstances(instances()))
        .onSuccess(id -> deployment = id)
        .mapEmpty();
  }

  /** Servers cannot share a port that is only chosen when the first one binds it. */
  private int instances() {
    return config.port() == 0 ? 1 : config.eventLoops();
  }

  int port() {
    return port.get();
  }

  /** What new handshakes are offered from now on; connections that stand are left alone. */
  Future<Void> update(ServerSSLOptions options) {
    return Future.all(listening.stream().map(one -> one.updateSSLOptions(options)).toList())
        .mapEmpty();
  }

  Future<Void> stop() {
    return deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  private HttpServer server() {
    HttpServerOptions options = options();
    return certificate
        .map(
            own ->
                vertx.createHttpServer(
                    new HttpServerConfig(options.setSsl(true).setUseAlpn(true)), own.options()))
        .orElseGet(() -> vertx.createHttpServer(options));
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHost(config.host())
        .setPort(config.port())
        .setMaxInitialLineLength(LINE_BYTES_MAX)
        .setMaxHeaderSize(HEADER_BYTES_MAX)
        .setIdleTimeout(Math.toIntExact(config.limits().connections().idleMax().toMillis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setHttp2ClearTextEnabled(false)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(STREAMS_MAX)
                .setMaxHeaderListSize(HEADER_BYTES_MAX)
                .setPushEnabled(false))
        .setHttp2ConnectionWindowSize(WINDOW_BYTES)
        .setDecompressionSupported(false)
        .setCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setHandle100ContinueAutomatically(false);
  }

  private void unreadable(HttpServerRequest request) {
    if (!EarlyEnd.wasAnnounced(request)) {
      problems.write(request, Edge.unreadable(request.decoderResult().cause()).closing());
    }
  }

  /** What was sent behind a request that ended its connection is not answered. */
  private Handler<HttpServerRequest> guarded(Handler<HttpServerRequest> router) {
    return request -> {
      if (EarlyEnd.wasAnnounced(request)) {
        return;
      }
      Optional<Problem> problem = Edge.unroutable(request);
      if (problem.isPresent()) {
        problems.write(request, problem.get().closing());
      } else {
        router.handle(request);
      }
    };
  }

  /** One server on one event loop. */
  private final class Server extends VerticleBase {
    private final Routes routes;
    private HttpServer server;

    private Server(Routes routes) {
      this.routes = routes;
    }

    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      routes.mount(router);
      server =
          server()
              .connectionHandler(guarded)
              .requestHandler(guarded(router))
              .invalidRequestHandler(HttpServers.this::unreadable);
      return server
          .listen()
          .onSuccess(
              bound -> {
                listening.add(bound);
                port.set(bound.actualPort());
              });
    }

    @Override
    public Future<?> stop() {
      return server.shutdown(STOP_SECONDS, TimeUnit.SECONDS);
    }
  }
}
