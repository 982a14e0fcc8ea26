-- TokenKeys.revoke (the keys of Redis: token_keys.lua)
-- ARGV: 1 kid, 2 now ms
-- returns {1 if there was such a key that was not revoked before, else 0}
if redis.call('HEXISTS', 'sluice:tokenkeys', ARGV[1]) == 0 then return {0} end
if redis.call('HSETNX', 'sluice:tokenkeys:revoked', ARGV[1], ARGV[2]) == 1 then return {1} end
return {redis.call('HGET', 'sluice:tokenkeys:revoked', ARGV[1]) == ARGV[2] and 1 or 0}
