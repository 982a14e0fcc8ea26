package io.sluice.gateway;

import static io.sluice.Await.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.Admission;
import io.sluice.JobListener;
import io.sluice.auth.ApiKeys;
import io.sluice.embedded.Embedded;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class ForeignIdsOnEmbeddedTest extends ForeignIdsContract {
  @TempDir static Path data;

  private final Vertx vertx = Vertx.vertx();
  private final Embedded embedded =
      Embedded.open(
          data, Admission.Bounds.DEFAULT, List.of(TestGateway.POOL), InstantSource.system());
  private final Gateway gateway = start();

  private Gateway start() {
    Gateway started =
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
                embedded.store(),
                embedded.events(),
                embedded.recovery(),
                new GatewayPorts.Access(
                    embedded.directory(),
                    embedded.tenants(),
                    embedded.grants(),
                    embedded.tokenKeys()),
                new MemoryAudit(),
                embedded.healthChecks()),
            GatewayConfig.of(0, "test", List.of(TestGateway.POOL)));
    await(started.start());
    return started;
  }

  @Override
  String key(String tenant, Set<String> scopes) {
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopes, Instant.now());
    await(embedded.directory().add(made.key()));
    return made.text();
  }

  @Override
  Gateway gateway() {
    return gateway;
  }

  @AfterEach
  void close() {
    await(gateway.stop());
    embedded.close();
    await(vertx.close());
  }
}
