package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Grants;
import io.sluice.IdentityFixture;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import java.time.Duration;
import java.time.Instant;

/** The stores of identity in Redis. Its clock cannot be moved, so what it holds is made older. */
final class RedisIdentity implements IdentityFixture {
  final RedisFixture redis = RedisFixture.open(Admission.Bounds.DEFAULT);

  @Override
  public Tenants tenants() {
    return redis.redis.tenants();
  }

  @Override
  public Grants grants() {
    return redis.redis.grants();
  }

  @Override
  public TokenKeys tokenKeys() {
    return redis.redis.tokenKeys();
  }

  @Override
  public Instant now() {
    return redis.now();
  }

  @Override
  public void pass(Duration time) {
    redis.lua(
        """
        for _, key in ipairs(redis.call('KEYS', 'sluice:grant:*')) do
          for _, field in ipairs({'expires', 'idle_until', 'traded'}) do
            if redis.call('HEXISTS', key, field) == 1 then redis.call('HINCRBY', key, field, -ARGV[1]) end
          end
        end
        return 1""",
        time.toMillis());
  }

  @Override
  public void close() {
    redis.close();
  }
}
