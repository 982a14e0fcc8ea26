-- TokenKeys.add and succeed (the keys of Redis: token_keys.lua)
-- ARGV: 1 kid, 2 json, 3 made at ms, 4 ends at ms, 5 any | newest | put_back, 6 the newest signing kid or '', 7 revoked ms or '',
--       8 1 if it signs
-- returns {1 if it was added, now or by the same call before, else 0}
local kid = ARGV[1]
local known = redis.call('HGET', 'sluice:tokenkeys', kid)
if known then return {known == ARGV[2] and 1 or 0} end
if ARGV[5] == 'newest' and (redis.call('ZRANGE', 'sluice:tokenkeys:signing', 0, 0, 'REV')[1] or '') ~= ARGV[6] then return {0} end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for _, old in ipairs(redis.call('ZRANGE', 'sluice:tokenkeys:life', '-inf', string.format('%.0f', now), 'BYSCORE')) do
  redis.call('HDEL', 'sluice:tokenkeys', old)
  redis.call('HDEL', 'sluice:tokenkeys:revoked', old)
  redis.call('ZREM', 'sluice:tokenkeys:signing', old)
  redis.call('ZREM', 'sluice:tokenkeys:life', old)
end
redis.call('HSET', 'sluice:tokenkeys', kid, ARGV[2])
redis.call('ZADD', 'sluice:tokenkeys:life', ARGV[4], kid)
if ARGV[8] == '1' then redis.call('ZADD', 'sluice:tokenkeys:signing', ARGV[3], kid) end
if ARGV[7] ~= '' then redis.call('HSET', 'sluice:tokenkeys:revoked', kid, ARGV[7]) end
return {1}
