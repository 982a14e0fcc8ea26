-- LaneOrder.emptied: the provisional charge is taken back, and the lane cools unless something was offered since the turn.
-- ARGV: 1 pool, 2 class, 3 lane or retry, 4 stamp of the turn, 5 charged, 6 first ms, 7 longest ms
local line, lane, stamp = line_of(ARGV[1], ARGV[2]), ARGV[3], ARGV[4]
if not end_given(line, lane, stamp) then return {} end
if lane ~= 'retry' then serve(line, still(line, lane, stamp), -ARGV[5]) end
if tonumber(mark(line, 'offered:' .. lane) or 0) > tonumber(stamp) then return {} end

local function leave_index()
  redis.call('HSET', line.marks, 'left:' .. lane, exact(counter_of(line, lane)), 'cooling:' .. lane, 0)
  for _, part in ipairs({'due', 'served', 'since'}) do redis.call('ZREM', line[part], lane) end
  if redis.call('DEL', tenants_key(line, lane)) == 1 then redis.call('HDEL', line.marks, 'weight:' .. lane) end
end

local longest = tonumber(ARGV[7])
local cooling = tonumber(mark(line, 'cooling:' .. lane) or 0)
cooling = cooling == 0 and tonumber(ARGV[6]) or 2 * cooling
if lane == 'retry' then
  cooling = math.min(cooling, longest)
  redis.call('HSET', line.marks, 'due:retry', whole(now + cooling), 'cooling:retry', whole(cooling))
elseif cooling > longest then
  leave_index()
elseif redis.call('ZSCORE', line.due, lane) then
  redis.call('ZADD', line.due, whole(now + cooling), lane)
  redis.call('HSET', line.marks, 'cooling:' .. lane, whole(cooling))
end
return {}
