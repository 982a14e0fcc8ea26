-- LaneOrder.charge: what a turn cost, as it becomes known.
-- ARGV: 1 pool, 2 class, 3 lane or retry, 4 stamp of the turn, 5 charged, 6 pulled | ended, 7 tenant, 8 estimate, 9 used
-- Sent twice: the stamp of the turn is found once.
local line, lane, stamp = line_of(ARGV[1], ARGV[2]), ARGV[3], ARGV[4]
local charged_lane = lane
if lane == 'retry' then
  charged_lane = redis.call('HGET', line.last, ARGV[7])
  local tenant = charged_lane and mark(line, 'tenant:' .. charged_lane)
  if tenant and tenant ~= ARGV[7] then charged_lane = nil end
end
charged_lane = still(line, charged_lane, stamp)
local estimate = tonumber(ARGV[8])

-- A tenant that has nothing left in a shared lane weighs there no more.
local function leave_shared(tenant)
  local key = tenants_key(line, lane)
  local weight = redis.call('HGET', key, tenant)
  if not weight then return end
  redis.call('PEXPIRE', key, FORGET_MS)
  if redis.call('HINCRBY', key, 'waits ' .. tenant, -1) > 0 then return end
  redis.call('HDEL', key, tenant, 'waits ' .. tenant)
  redis.call('HINCRBY', line.marks, 'weight:' .. lane, -weight)
end

if ARGV[6] == 'ended' then
  if redis.call('ZREM', line.turns, 'r ' .. stamp) == 1 then serve(line, charged_lane, ARGV[9] - estimate) end
elseif end_given(line, lane, stamp) then
  redis.call('ZADD', line.turns, whole(now + RUN_MS), 'r ' .. stamp)
  serve(line, charged_lane, estimate - ARGV[5])
  redis.call('HSET', line.marks, 'cooling:' .. lane, 0)
  if lane ~= 'retry' then
    local mean = mark(line, 'mean:' .. lane)
    redis.call('HSET', line.marks, 'mean:' .. lane, exact(mean and MEAN_KEPT * mean + (1 - MEAN_KEPT) * estimate or estimate))
    leave_shared(ARGV[7])
  end
  keep(line)
end
return {}
