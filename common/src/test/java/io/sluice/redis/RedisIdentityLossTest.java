package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Grant;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.TokenKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of identities when Redis loses everything. */
class RedisIdentityLossTest {
  private final RedisIdentity it = new RedisIdentity();

  @AfterEach
  void close() {
    it.close();
  }

  private static TokenKey key(Instant now) {
    return new TokenKey(
        "a",
        TokenKey.Use.SIGNING,
        "EdDSA",
        Optional.empty(),
        "sealed",
        Optional.of("{}"),
        now,
        now,
        now.plus(Duration.ofDays(1)),
        Optional.empty());
  }

  private Grant grant() {
    return new Grant(
        "g",
        "acme",
        "k",
        Set.of(),
        Optional.empty(),
        it.now(),
        it.now().plusSeconds(60),
        Duration.ofSeconds(60));
  }

  @Test
  void limits_that_a_process_has_seen_are_put_back() {
    Tenant acme =
        new Tenant("acme", new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 6L), Set.of()));
    await(it.tenants().put(acme));
    await(it.tenants().find("acme"));
    it.redis.flush();
    assertThat(await(it.tenants().find("acme"))).contains(acme);
    assertThat(await(it.tenants().all())).containsExactly(acme);
  }

  @Test
  void keys_of_tokens_that_a_process_has_seen_are_put_back_with_their_revocation() {
    Instant now = it.now();
    TokenKey key = key(now);
    await(it.tokenKeys().succeed(Optional.empty(), key));
    await(it.tokenKeys().revoke("a", now));
    TokenKey revoked = await(it.tokenKeys().keys()).getFirst();
    it.redis.flush();
    assertThat(await(it.tokenKeys().keys())).containsExactly(revoked);
    assertThat(await(it.tokenKeys().keys())).containsExactly(revoked);
    assertThat(it.redis.lua("return redis.call('HLEN', 'sluice:tokenkeys')")).isEqualTo("1");
    assertThat(revoked.revokedAt()).contains(now);
  }

  @Test
  void a_key_that_was_revoked_just_before_the_loss_comes_back_revoked() {
    Instant now = it.now();
    TokenKey key = key(now);
    await(it.tokenKeys().succeed(Optional.empty(), key));
    await(it.tokenKeys().keys());
    await(it.tokenKeys().revoke("a", now));
    it.redis.flush();
    assertThat(await(it.tokenKeys().keys()).getFirst().revokedAt()).contains(now);
  }

  @Test
  void limits_that_were_removed_do_not_come_back() {
    await(it.tenants().put(new Tenant("acme", Limits.NONE)));
    await(it.tenants().find("acme"));
    await(it.tenants().remove("acme"));
    it.redis.flush();
    assertThat(await(it.tenants().find("acme"))).isEmpty();
  }

  @Test
  void grants_are_gone_so_that_clients_have_to_show_their_keys_again() {
    Grant grant = grant();
    await(it.grants().open(grant, "token"));
    it.redis.flush();
    assertThat(await(it.grants().holds("g", "t"))).isFalse();
  }

  @Test
  void everything_of_a_grant_lives_no_longer_than_the_grant() {
    Grant grant = grant();
    await(it.grants().open(grant, "token"));
    await(it.grants().rotate("token", "salt", "next"));
    await(it.grants().deny("t", it.now().plusSeconds(30)));
    String immortal =
        it.redis.lua(
            """
            local n = 0
            for _, pattern in ipairs({'sluice:grant:*', 'sluice:denied:*'}) do
              for _, key in ipairs(redis.call('KEYS', pattern)) do
                if redis.call('PTTL', key) < 0 then n = n + 1 end
              end
            end
            return n""");
    assertThat(immortal).isEqualTo("0");
  }
}
