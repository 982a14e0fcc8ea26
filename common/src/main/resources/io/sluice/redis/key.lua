-- Directory.key
--   sluice:keys          hash  key id -> the key as JSON              (owner: Directory)
--   sluice:keys:revoked  hash  key id -> when it was revoked, in ms   (owner: Directory)
-- ARGV: 1 key id
-- returns {json or nil, revoked ms or nil, last use or nil (used_keys.lua)}
return {
  redis.call('HGET', 'sluice:keys', ARGV[1]),
  redis.call('HGET', 'sluice:keys:revoked', ARGV[1]),
  redis.call('HGET', 'sluice:keys:used', ARGV[1]),
}
