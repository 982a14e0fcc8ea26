-- WarmLanes.reserve (the keys of Redis: warm_served.lua)
-- ARGV: 1 lane, 2 within ms
-- returns {1 if the message may be put there, else 0}
-- Sent twice: the second one ends a little later, which is no harm.
if redis.call('EXISTS', 'sluice:warm:lane:' .. ARGV[1]) == 0 then return {0} end
local clock = redis.call('TIME')
local till = clock[1] * 1000 + math.floor(clock[2] / 1000) + ARGV[2]
local key = 'sluice:warm:until:' .. ARGV[1]
if tonumber(redis.call('GET', key) or 0) > till then return {0} end
redis.call('SET', key, string.format('%.0f', till), 'PX', ARGV[2])
return {1}
