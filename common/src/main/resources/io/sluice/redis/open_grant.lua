-- Grants.open
-- ARGV: 1 id, 2 json, 3 expires ms, 4 idle ms, 5 hash of the first token, 6 id of the API key, 7 most open grants of a key,
--   8 most tokens of a grant
-- returns {}
-- Sent twice: a token that was traded meanwhile stays so.
redis.call('HSET', grant_key(ARGV[1]), 'json', ARGV[2], 'expires', ARGV[3], 'idle', ARGV[4])
redis.call('PEXPIREAT', grant_key(ARGV[1]), ARGV[3])
if redis.call('EXISTS', token_key(ARGV[5])) == 0 then
  add_token(ARGV[5], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[8])
end
local all = grants_of(ARGV[6])
redis.call('ZADD', all, 'NX', whole(now), ARGV[1])
if redis.call('PTTL', all) < tonumber(ARGV[3]) - now then redis.call('PEXPIREAT', all, ARGV[3]) end
local over = redis.call('ZCARD', all) - tonumber(ARGV[7])
if over > 0 then
  for _, id in ipairs(redis.call('ZRANGE', all, 0, over - 1)) do end_grant(id, ARGV[6]) end
end
return {}
