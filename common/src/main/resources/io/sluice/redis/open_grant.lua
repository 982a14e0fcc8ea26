-- Grants.open
-- ARGV: 1 id, 2 json, 3 expires ms, 4 idle ms, 5 hash of the first token
-- returns {}
-- Sent twice: a token that was traded meanwhile stays so.
redis.call('HSET', grant_key(ARGV[1]), 'json', ARGV[2], 'expires', ARGV[3], 'idle', ARGV[4])
redis.call('PEXPIREAT', grant_key(ARGV[1]), ARGV[3])
if redis.call('EXISTS', token_key(ARGV[5])) == 0 then add_token(ARGV[5], ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])) end
return {}
