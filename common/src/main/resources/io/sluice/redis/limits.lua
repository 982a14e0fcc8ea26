-- Limits over time and their settlement: needs record.lua's names after it, and is put before it.
--   sluice:window:LIMIT:SHA  hash    bucket of half a second -> what was charged in it; sum, first; lives 61 s after the last charge
--   sluice:day:SHA:DAY       string  what was charged on a day in UTC; lives two days
--   sluice:smooth:SHA        string  when a session's next request may go, in ms; lives until then
-- The SHA is of whose limit it is. (owner: Admission)
local BUCKET_MS = 500
-- A charge counts while fewer than 60 s have passed since any moment of its bucket.
local BUCKETS = 121
local DAY_MS = 24 * 60 * 60 * 1000

-- Drops the buckets that have left the window; returns the sum of the others, the current and the oldest bucket.
local function roll(key, now)
  local current = math.floor(now / BUCKET_MS)
  local v = redis.call('HMGET', key, 'sum', 'first')
  if not v[1] then return 0, current, current end
  local sum, first = tonumber(v[1]), tonumber(v[2])
  local left = math.min(current - BUCKETS, first + 2 * BUCKETS)
  if first <= left then
    for b = first, left do
      local n = redis.call('HGET', key, b)
      if n then
        sum = sum - tonumber(n)
        redis.call('HDEL', key, b)
      end
    end
    first = left + 1
    redis.call('HSET', key, 'sum', sum, 'first', first)
  end
  return sum, current, first
end

-- How long until so much fits under a bound again, in ms; -1 if never.
local function wait_for(key, now, sum, current, first, cost, bound)
  if cost > bound then return -1 end
  for b = first, current do
    sum = sum - tonumber(redis.call('HGET', key, b) or 0)
    if sum + cost <= bound then return (b + BUCKETS) * BUCKET_MS - now end
  end
  return BUCKETS * BUCKET_MS
end

local function charge_window(key, now, amount)
  local _, current, first = roll(key, now)
  redis.call('HINCRBY', key, current, amount)
  redis.call('HINCRBY', key, 'sum', amount)
  redis.call('HSETNX', key, 'first', first)
  redis.call('PEXPIRE', key, BUCKETS * BUCKET_MS + 1000)
  return current
end

-- Corrects what a job was charged. With used tokens: tokens only. Without: everything is given back.
-- The charges are "window KEY BUCKET AMOUNT UNIT" or "day KEY 0 AMOUNT UNIT", a line each. Done once: the list is removed.
local function settle(job, used)
  local charges = redis.call('HGET', job, 'charges')
  if not charges then return end
  redis.call('HDEL', job, 'charges')
  for kind, key, bucket, amount, unit in string.gmatch(charges, '(%S+) (%S+) (%S+) (%S+) (%S+)\n') do
    if unit == 'tokens' or not used then
      local change = (used or 0) - tonumber(amount)
      if kind == 'window' and redis.call('HEXISTS', key, bucket) == 1 then
        redis.call('HINCRBY', key, bucket, change)
        redis.call('HINCRBY', key, 'sum', change)
      elseif kind == 'day' and redis.call('EXISTS', key) == 1 then
        redis.call('INCRBY', key, change)
      end
    end
  end
end
