-- Limits over time and their settlement: put before record.lua, which uses it.
--   sluice:window:LIMIT:SHA  hash    bucket of half a second -> what was charged in it; sum, first; lives 61 s after the last charge
--   sluice:day:SHA:DAY       string  what was charged on a day in UTC; lives two days
--   sluice:smooth:SHA        string  when a session's next request may go, in ms and thousandths; lives until then
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

local function charge_day(key, amount)
  redis.call('INCRBY', key, amount)
  redis.call('PEXPIRE', key, 2 * DAY_MS)
end

-- What a job was charged is its field charges, a line each: "window KEY BUCKET AMOUNT UNIT", "day KEY 0 AMOUNT UNIT"
-- or "smooth KEY SLOT INTERVAL turn".
local CHARGE = '(%S+) (%S+) (%S+) (%S+) (%S+)\n'

local function correct(kind, key, bucket, change)
  if kind == 'window' and redis.call('HEXISTS', key, bucket) == 1 then
    redis.call('HINCRBY', key, bucket, change)
    redis.call('HINCRBY', key, 'sum', change)
  elseif kind == 'day' and redis.call('EXISTS', key) == 1 then
    redis.call('INCRBY', key, change)
  end
end

-- Corrects the tokens that a job was charged to those that it used. Done once: the list is removed.
local function settle(job, used)
  local charges = redis.call('HGET', job, 'charges')
  if not charges then return end
  redis.call('HDEL', job, 'charges')
  for kind, key, bucket, amount, unit in string.gmatch(charges, CHARGE) do
    if unit == 'tokens' then correct(kind, key, bucket, used - tonumber(amount)) end
  end
end

-- Gives back everything that a job was charged, and its turn in a smoothed session; returns what it was.
local function give_back(job)
  local charges = redis.call('HGET', job, 'charges')
  if not charges then return end
  redis.call('HDEL', job, 'charges')
  for kind, key, bucket, amount in string.gmatch(charges, CHARGE) do
    correct(kind, key, bucket, -tonumber(amount))
    local next_turn = kind == 'smooth' and redis.call('GET', key)
    if next_turn then redis.call('SET', key, string.format('%.3f', next_turn - amount), 'KEEPTTL') end
  end
  return charges
end

-- Gives everything back until the job runs after all.
local function suspend(job)
  local charges = give_back(job)
  if charges then redis.call('HSET', job, 'suspended', charges) end
end

-- Charges what was suspended again, now.
local function resume(job, now)
  local charges = redis.call('HGET', job, 'suspended')
  if not charges then return end
  redis.call('HDEL', job, 'suspended')
  local again = ''
  for kind, key, _, amount, unit in string.gmatch(charges, CHARGE) do
    local bucket = '0'
    if kind == 'window' then bucket = string.format('%.0f', charge_window(key, now, amount)) end
    if kind == 'day' then
      key = string.gsub(key, '%d+$', string.format('%.0f', math.floor(now / DAY_MS)))
      charge_day(key, amount)
    end
    if kind ~= 'smooth' then again = again .. table.concat({kind, key, bucket, amount, unit}, ' ') .. '\n' end
  end
  redis.call('HSET', job, 'charges', again)
end
