package io.sluice.gateway;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

class ForeignIdsOnRedisTest extends ForeignIdsContract {
  private final GatewaysOnRedis sluice = new GatewaysOnRedis(UnaryOperator.identity());

  @Override
  String key(String tenant, Set<String> scopes) {
    return sluice.key(tenant, scopes);
  }

  @Override
  Gateway gateway() {
    return sluice.gateway(0);
  }

  @AfterEach
  void close() {
    sluice.close();
  }
}
