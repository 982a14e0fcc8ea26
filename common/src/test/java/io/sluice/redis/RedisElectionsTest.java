package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Elections;
import io.sluice.ElectionsContract;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RedisElectionsTest extends ElectionsContract {
  @Override
  protected Fixture open() {
    RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public Elections elections() {
        return redis.redis.elections();
      }

      @Override
      public void close() {
        redis.close();
      }
    };
  }

  @Test
  void of_two_candidates_one_is_elected() {
    assertThat(await(elections.stand(office, "a", LONG))).isTrue();
    assertThat(await(elections.stand(office, "b", LONG))).isFalse();
    await(elections.resign(office, "b"));
    assertThat(await(elections.stand(office, "b", LONG))).isFalse();
    assertThat(await(elections.stand("another " + office, "b", LONG))).isTrue();
  }

  @Test
  void who_does_not_stand_again_is_followed() {
    await(elections.stand(office, "a", Duration.ofMillis(50)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> await(elections.stand(office, "b", LONG)));
  }
}
