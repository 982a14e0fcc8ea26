package io.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisAddressTest {
  @Test
  void an_address_is_read_in_all_its_parts_and_never_prints_its_password() {
    RedisAddress full = RedisAddress.parse(URI.create("rediss://me:s%3Ae+c@redis.lan:7000/3"));
    assertThat(full.server()).isEqualTo("rediss://redis.lan:7000");
    assertThat(full.user()).contains("me");
    assertThat(full.password()).contains("s:e+c");
    assertThat(full.database()).isEqualTo(3);
    assertThat(full.toString()).doesNotContain("s:e").doesNotContain("me");

    RedisAddress bare = RedisAddress.parse(URI.create("redis://localhost"));
    assertThat(bare.server()).isEqualTo("redis://localhost:6379");
    assertThat(bare.user()).isEmpty();
    assertThat(bare.password()).isEmpty();

    RedisAddress secret = RedisAddress.parse(URI.create("redis://:secret@localhost"));
    assertThat(secret.user()).isEmpty();
    assertThat(secret.password()).contains("secret");
  }

  @Test
  void what_is_no_address_is_refused() {
    for (String text : List.of("http://localhost", "redis:localhost", "redis://localhost/x")) {
      assertThatThrownBy(() -> RedisAddress.parse(URI.create(text)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
