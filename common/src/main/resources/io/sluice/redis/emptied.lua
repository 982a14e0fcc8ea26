-- LaneOrder.emptied: the lane cools, unless something was offered, or it began to cool, since the turn was given.
-- ARGV: 1 pool, 2 label, 3 stamp of the turn, 4 first ms, 5 longest ms
-- Sent twice, or by several workers of one emptiness: it cools once.
local marks = marks_key(ARGV[1])
local v = redis.call('HMGET', marks, ARGV[2] .. ':offered', ARGV[2] .. ':cooled', ARGV[2] .. ':level')
local stamp = tonumber(ARGV[3])
if tonumber(v[1] or 0) > stamp or tonumber(v[2] or 0) > stamp then return {} end
local level = tonumber(v[3] or 0)
local cool = math.min(tonumber(ARGV[4]) * 2 ^ level, tonumber(ARGV[5]))
redis.call('ZADD', due_key(ARGV[1]), whole(now + cool), ARGV[2])
redis.call('HSET', marks, ARGV[2] .. ':cooled', next_stamp(), ARGV[2] .. ':level', whole(math.min(level + 1, 20)))
return {}
