package io.sluice.gateway;

import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class ForeignIdsTest extends ForeignIdsContract {
  private final TestGateway sluice = new TestGateway();

  @Override
  String key(String tenant, Set<String> scopes) {
    return sluice.key(tenant, scopes);
  }

  @Override
  Gateway gateway() {
    return sluice.gateway;
  }

  @AfterEach
  void close() {
    sluice.close();
  }
}
