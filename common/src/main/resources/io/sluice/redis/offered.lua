-- LaneOrder.offered: the lane is due now.
-- ARGV: 1 pool, 2 class, 3 lane or retry, 4 tenant or '', 5 its weight, 6 how many of its jobs may run or '', 7 shared (1 or 0)
local line, lane, tenant, weight = line_of(ARGV[1], ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])

local function lead_own()
  redis.call('HSET', line.marks, 'tenant:' .. lane, tenant, 'weight:' .. lane, weight)
  if ARGV[6] == '' then redis.call('HDEL', line.marks, 'max:' .. lane) else redis.call('HSET', line.marks, 'max:' .. lane, ARGV[6]) end
end
local function lead_shared()
  local key = tenants_key(line, lane)
  -- The tenants may be forgotten before their sum.
  if redis.call('EXISTS', key) == 0 then redis.call('HSET', line.marks, 'weight:' .. lane, 0) end
  local before = tonumber(redis.call('HGET', key, tenant) or 0)
  redis.call('HSET', key, tenant, weight)
  redis.call('HINCRBY', key, 'waits ' .. tenant, 1)
  redis.call('PEXPIRE', key, FORGET_MS)
  if before ~= weight then redis.call('HINCRBY', line.marks, 'weight:' .. lane, weight - before) end
end

-- The class comes back: time away earned it nothing.
local function activate()
  local other = line_of(line.pool, OTHER[line.class])
  if redis.call('EXISTS', line.due) == 0 and redis.call('EXISTS', other.due) == 1 then
    redis.call('HSET', line.marks, 'counter', exact(math.max(class_counter(line), paced(line, other))))
  end
end

local passes = false
local function offer()
  local counter = counter_of(line, lane)
  if tenant ~= '' then
    local before = mark(line, 'tenant:' .. lane)
    if ARGV[7] == '0' and before and before ~= tenant then
      counter = least(line, lane)
      passes = true
    end
    if ARGV[7] == '1' then lead_shared() else lead_own() end
    redis.call('HSET', line.last, tenant, lane)
  end
  if not redis.call('ZSCORE', line.due, lane) then
    counter = math.max(counter, least(line, lane))
    activate()
    redis.call('ZADD', line.since, whole(now), lane)
  end
  redis.call('ZADD', line.served, exact(counter), lane)
  redis.call('ZADD', line.due, 0, lane)
end

if lane == 'retry' then redis.call('HSET', line.marks, 'due:retry', 0) else offer() end
local stamp = next_stamp()
redis.call('HSET', line.marks, 'cooling:' .. lane, 0, 'offered:' .. lane, stamp)
if passes then redis.call('HSET', line.marks, 'passed:' .. lane, stamp) end
keep(line)
redis.call('PUBLISH', 'sluice:lanes', line.pool)
return {}
