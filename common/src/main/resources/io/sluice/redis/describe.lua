-- Fleet.describe (the keys of Redis: announce.lua)
-- ARGV: 1 id, 2 models
-- returns {1 if there is such a worker, else 0}
local worker = 'sluice:worker:' .. ARGV[1]
if redis.call('EXISTS', worker) == 0 then return {0} end
redis.call('HSET', worker, 'models', ARGV[2])
return {1}
