-- Directory.add (the keys of Redis: key.lua)
-- ARGV: 1 key id, 2 json, 3 revoked ms or ''
-- returns {1 if it was added, now or by the same call before, else 0}
local known = redis.call('HGET', 'sluice:keys', ARGV[1])
if known then return {known == ARGV[2] and 1 or 0} end
redis.call('HSET', 'sluice:keys', ARGV[1], ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', 'sluice:keys:revoked', ARGV[1], ARGV[3]) end
return {1}
