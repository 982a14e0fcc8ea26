-- WarmLanes.leave (the keys of Redis: warm_served.lua)
-- ARGV: 1 worker
-- returns {}
local key = 'sluice:warm:worker:' .. ARGV[1]
local mine = redis.call('GET', key)
if not mine then return {} end
local lane = 'sluice:warm:lane:' .. string.match(mine, '^(%d+) ')
if redis.call('GET', lane) == ARGV[1] then redis.call('DEL', lane) end
redis.call('DEL', key)
return {}
