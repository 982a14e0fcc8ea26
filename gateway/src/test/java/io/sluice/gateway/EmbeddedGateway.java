package io.sluice.gateway;

import static io.sluice.Await.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.AuditLog;
import io.sluice.FileStore;
import io.sluice.JobListener;
import io.sluice.MemoryFileStore;
import io.sluice.embedded.Embedded;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/** A gateway on the embedded adapters, for tests; its audit log and its files are in memory. */
final class EmbeddedGateway {
  private EmbeddedGateway() {}

  /** Serves on a free port; who asked for it stops it, and closes what it stands on. */
  static Gateway start(Vertx vertx, Embedded embedded) {
    return start(vertx, embedded, new MemoryAudit(), UnaryOperator.identity());
  }

  /** The same with settings and an audit log of the test's own. */
  static Gateway start(
      Vertx vertx, Embedded embedded, AuditLog audit, UnaryOperator<GatewayConfig> settings) {
    return start(vertx, embedded, audit, new MemoryFileStore(), settings);
  }

  /** The same with files that outlive it. */
  static Gateway start(
      Vertx vertx,
      Embedded embedded,
      AuditLog audit,
      FileStore files,
      UnaryOperator<GatewayConfig> settings) {
    Gateway gateway =
        new Gateway(
            new GatewayEnvironment(
                vertx,
                InstantSource.system(),
                JobListener.NONE,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            new GatewayPorts(
                embedded.queue(),
                embedded.laneOrder(),
                embedded.admission(),
                embedded.backlog(),
                embedded.store(),
                embedded.events(),
                embedded.history(),
                embedded.webhooks(),
                embedded.answers(),
                embedded.recovery(),
                embedded.elections(),
                embedded.fleet(),
                new GatewayPorts.Access(
                    embedded.directory(),
                    embedded.tenants(),
                    embedded.grants(),
                    embedded.tokenKeys()),
                audit,
                files,
                embedded.healthChecks()),
            settings.apply(GatewayConfig.of(0, "test", List.of(TestGateway.POOL))));
    await(gateway.start());
    return gateway;
  }
}
