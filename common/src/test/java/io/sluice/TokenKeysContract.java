package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TokenKeys} keeps. */
public abstract class TokenKeysContract {
  private IdentityFixture it;
  private TokenKeys keys;

  protected abstract IdentityFixture open();

  @BeforeEach
  void openStores() {
    it = open();
    keys = it.tokenKeys();
  }

  @AfterEach
  void closeStores() {
    it.close();
  }

  private TokenKey signing(String kid, Duration after) {
    Instant made = it.now().plus(after);
    return new TokenKey(
        kid,
        TokenKey.Use.SIGNING,
        "RS256",
        Optional.empty(),
        "sealed " + kid,
        Optional.of("{\"kty\":\"RSA\"}"),
        made,
        made.plusSeconds(5),
        made.plus(Duration.ofDays(30)),
        Optional.empty());
  }

  private TokenKey ofTenant(String kid) {
    return new TokenKey(
        kid,
        TokenKey.Use.TENANT,
        "HS256",
        Optional.of("acme"),
        "sealed",
        Optional.empty(),
        it.now().plusMillis(1),
        it.now(),
        it.now().plus(Duration.ofDays(365)),
        Optional.empty());
  }

  @Test
  void keys_are_listed_as_they_were_added_oldest_first() {
    TokenKey first = signing("a", Duration.ZERO);
    TokenKey tenants = ofTenant("acme-1");
    TokenKey second = signing("b", Duration.ofSeconds(1));
    assertThat(await(keys.succeed(Optional.empty(), first))).isTrue();
    await(keys.add(tenants));
    assertThat(await(keys.succeed(Optional.of("a"), second))).isTrue();
    assertThat(await(keys.keys())).containsExactly(first, tenants, second);
  }

  @Test
  void of_many_that_see_the_same_need_one_makes_the_key() {
    await(keys.succeed(Optional.empty(), signing("a", Duration.ZERO)));
    List<Future<Boolean>> asked =
        IntStream.range(0, 20)
            .mapToObj(n -> keys.succeed(Optional.of("a"), signing("b" + n, Duration.ofSeconds(1))))
            .toList();
    assertThat(asked.stream().map(Await::await).filter(added -> added)).hasSize(1);
    assertThat(await(keys.keys())).hasSize(2);
  }

  @Test
  void the_same_successor_twice_is_added_once() {
    TokenKey key = signing("a", Duration.ZERO);
    assertThat(await(keys.succeed(Optional.empty(), key))).isTrue();
    assertThat(await(keys.succeed(Optional.empty(), key))).isTrue();
    assertThat(await(keys.keys())).containsExactly(key);
  }

  @Test
  void a_kid_is_given_once() {
    await(keys.add(ofTenant("acme-1")));
    TokenKey other = signing("acme-1", Duration.ZERO);
    assertThatThrownBy(() -> await(keys.add(other))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_key_is_revoked_once_and_says_when() {
    await(keys.succeed(Optional.empty(), signing("a", Duration.ZERO)));
    Instant now = it.now();
    assertThat(await(keys.revoke("a", now))).isTrue();
    assertThat(await(keys.revoke("a", now.plusSeconds(1)))).isFalse();
    assertThat(await(keys.revoke("nobody", now))).isFalse();
    assertThat(await(keys.keys()).getFirst().revokedAt()).contains(now);
  }

  @Test
  void what_has_expired_is_forgotten_when_a_key_is_added() {
    await(keys.succeed(Optional.empty(), signing("old", Duration.ofDays(-31))));
    TokenKey next = signing("next", Duration.ZERO);
    assertThat(await(keys.succeed(Optional.of("old"), next))).isTrue();
    assertThat(await(keys.keys())).containsExactly(next);
  }
}
