-- LaneOrder.next: the due lane that comes first, and its provisional charge.
-- ARGV: 1 interactive and 2 batch (1 or 0) as the worker has room, 3 whether batch leaves the slot free (1 or 0), 4.. pools
-- returns {pool, class, lane or retry, stamp, charged} | {}
-- Sent twice it gives two turns; the first is forgotten after 30 s, and its charge stands.
local classes = {}
if ARGV[1] == '1' then classes[1] = 'interactive' end
if ARGV[2] == '1' then classes[#classes + 1] = 'batch' end

local function is_due(line, lane) return tonumber(redis.call('ZSCORE', line.due, lane)) <= now end

-- Whether the tenant of a lane of its own runs as many jobs as it may, those included that are about to start.
local function is_capped(line, lane)
  local v = redis.call('HMGET', line.marks, 'tenant:' .. lane, 'max:' .. lane)
  if not v[1] or not v[2] then return false end
  local given = redis.call('ZCOUNT', given_key(v[1]), '(' .. whole(now), 'inf')
  return redis.call('SCARD', 'sluice:running:' .. v[1]) + given >= tonumber(v[2])
end
local function may_go(line, lane) return is_due(line, lane) and not is_capped(line, lane) end

local function first_that_may(line, lanes, step)
  for i = 1, #lanes, step do
    if may_go(line, lanes[i]) then return lanes[i], tonumber(lanes[i + 1]) end
  end
end

-- The lane that waited longest for a turn, if that is too long.
local function aged(lines)
  local best, best_lane, best_since
  for _, line in ipairs(lines) do
    local old = redis.call('ZRANGE', line.since, '-inf', whole(now - AGEING_MS), 'BYSCORE', 'WITHSCORES')
    local lane, since = first_that_may(line, old, 2)
    if lane and (not best or since < best_since) then best, best_lane, best_since = line, lane, since end
  end
  return best, best_lane
end

-- The ready lane with the least service that may go.
local function waits(line) return (first_that_may(line, redis.call('ZRANGE', line.served, 0, -1), 1)) end

local function fair(line)
  if tonumber(mark(line, 'due:retry') or 0) <= now then return 'retry' end
  return waits(line)
end

local function turn(line, lane)
  local stamp, charged = next_stamp(), 0
  if lane ~= 'retry' then
    charged = math.floor((mark(line, 'mean:' .. lane) or UNKNOWN_MEAN) + 0.5)
    redis.call('HSET', line.marks, 'floor', exact(counter_of(line, lane)))
    serve(line, lane, charged)
    redis.call('ZADD', line.since, whole(now), lane)
    local v = redis.call('HMGET', line.marks, 'tenant:' .. lane, 'max:' .. lane)
    if v[1] and v[2] then
      redis.call('ZADD', given_key(v[1]), whole(now + GIVEN_MS), stamp)
      redis.call('PEXPIRE', given_key(v[1]), GIVEN_MS)
    end
  end
  redis.call('ZREMRANGEBYSCORE', line.turns, '-inf', whole(now))
  redis.call('ZADD', line.turns, whole(now + GIVEN_MS), 'p ' .. stamp)
  redis.call('HSET', 'sluice:lanes:pools', line.pool, stamp)
  redis.call('PEXPIRE', 'sluice:lanes:pools', FORGET_MS)
  keep(line)
  return {line.pool, line.class, lane, stamp, whole(charged)}
end

-- What could not go now although it had less service earns nothing by that.
local function keep_pace(lines, served, lane)
  for _, line in ipairs(lines) do
    if line ~= served and class_counter(line) < paced(line, served) then
      redis.call('HSET', line.marks, 'counter', exact(paced(line, served)))
      keep(line)
    end
  end
  if lane == 'retry' then return end
  local counter = redis.call('ZSCORE', served.served, lane)
  for _, behind in ipairs(redis.call('ZRANGE', served.served, '-inf', '(' .. counter, 'BYSCORE')) do
    redis.call('ZADD', served.served, counter, behind)
  end
end

local function of_pool(pool)
  local lines = {}
  local with_batch = ARGV[3] == '0' or waits(line_of(pool, 'interactive'))
  for _, class in ipairs(classes) do
    if with_batch or class ~= 'batch' then lines[#lines + 1] = line_of(pool, class) end
  end
  local since_aged = tonumber(redis.call('HGET', 'sluice:lanes:since_aged', pool) or AGED_EVERY)
  local line, lane
  if since_aged + 1 >= AGED_EVERY then line, lane = aged(lines) end
  if lane then
    redis.call('HSET', 'sluice:lanes:since_aged', pool, 0)
    redis.call('PEXPIRE', 'sluice:lanes:since_aged', FORGET_MS)
    return turn(line, lane)
  end
  if #lines == 2 and class_counter(lines[2]) < class_counter(lines[1]) then lines = {lines[2], lines[1]} end
  for _, candidate in ipairs(lines) do
    lane = fair(candidate)
    if lane then
      keep_pace(lines, candidate, lane)
      if lane ~= 'retry' and since_aged < AGED_EVERY then redis.call('HINCRBY', 'sluice:lanes:since_aged', pool, 1) end
      return turn(candidate, lane)
    end
  end
end

-- The least recently served pool first.
local pools = {}
for i = 4, #ARGV do pools[i - 3] = {name = ARGV[i], served = 0} end
if #pools > 1 then
  local served = redis.call('HMGET', 'sluice:lanes:pools', unpack(ARGV, 4))
  for i, pool in ipairs(pools) do pool.served = tonumber(served[i] or 0) end
  table.sort(pools, function(a, b) return a.served < b.served or (a.served == b.served and a.name < b.name) end)
end
for _, pool in ipairs(pools) do
  local found = of_pool(pool.name)
  if found then return found end
end
return {}
