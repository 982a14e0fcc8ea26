-- Fleet.wish (the keys of Redis: announce.lua)
-- ARGV: 1 id, 2 wish
-- returns {1 if there is such a worker, else 0}
local worker = 'sluice:worker:' .. ARGV[1]
if redis.call('EXISTS', worker) == 0 then return {0} end
redis.call('HSET', worker, 'wish', ARGV[2])
return {1}
