package io.sluice.gateway;

import static io.sluice.Await.await;

import io.sluice.Admission;
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
  private final Gateway gateway = EmbeddedGateway.start(vertx, embedded);

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
