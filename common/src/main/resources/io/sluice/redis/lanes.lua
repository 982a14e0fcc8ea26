-- What the scripts on lanes share: fair shares of the ready lanes of a pool and class, and of the classes of a pool. LINE is
-- POOL/CLASS, LANE the number of a ready lane in two digits; counters are in virtual tokens.
--   sluice:lanes:due:LINE        zset    the index: lanes where something may wait, by the time from which they may be pulled (ms)
--   sluice:lanes:served:LINE     zset    the lanes of the index by their counters
--   sluice:lanes:since:LINE      zset    the lanes of the index by their last turn, or their entry if that is later (ms)
--   sluice:lanes:marks:LINE      hash    counter (of the class), floor (the counter of the last turn's lane before it);
--       of a lane tenant:, max: (in lanes of one's own), weight:, mean:, cooling:, offered:, left: (its counter out of the index),
--       passed: (the stamp of its passing to another tenant);
--       due:retry, cooling:retry, offered:retry
--   sluice:lanes:tenants:LINE/LANE  hash  tenants of a shared lane and their weights; "waits T", what of T was offered and not pulled
--   sluice:lanes:last:LINE       hash    tenant -> the lane where a job of it was offered last
--   sluice:lanes:turns:LINE      zset    "p STAMP" of turns given, "r STAMP" of those charged, by when they are forgotten (ms)
--   sluice:lanes:given:T         zset    stamps of the turns that are given to a tenant with a bound, by when they are forgotten
--   sluice:lanes:pools           hash    pool -> the stamp of its last turn
--   sluice:lanes:since_aged      hash    pool -> turns of its ready lanes since the last that went by age, up to AGED_EVERY
--   sluice:lanes:stamp           string  the last stamp
--   sluice:lanes                 channel pools in which something was offered
-- All but the stamp live an hour after the last turn or offer; what is lost is offered again by the sweeper (owner: LaneOrder).
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local FORGET_MS, AGEING_MS, GIVEN_MS, RUN_MS = 60 * 60 * 1000, 60 * 1000, 30 * 1000, 24 * 60 * 60 * 1000
local AGED_EVERY = 4
local UNKNOWN_MEAN, MEAN_KEPT = 1000, 0.8
local CREDIT = {interactive = 50000, batch = 0}
local SHARES, OTHER = {interactive = 9, batch = 1}, {interactive = 'batch', batch = 'interactive'}

local function whole(number) return string.format('%.0f', number) end
local function exact(number) return string.format('%.17g', number) end

local function line_of(pool, class)
  local name = pool .. '/' .. class
  local line = {pool = pool, class = class, name = name}
  for _, part in ipairs({'due', 'served', 'since', 'marks', 'last', 'turns'}) do line[part] = 'sluice:lanes:' .. part .. ':' .. name end
  return line
end
local function tenants_key(line, lane) return 'sluice:lanes:tenants:' .. line.name .. '/' .. lane end
local function given_key(tenant) return 'sluice:lanes:given:' .. tenant end

local function keep(line)
  for _, part in ipairs({'due', 'served', 'since', 'marks', 'last', 'turns'}) do redis.call('PEXPIRE', line[part], FORGET_MS) end
end

-- Grows with every call, and with the clock, so that it goes on growing after a wipe.
local function next_stamp()
  local last = tonumber(redis.call('GET', 'sluice:lanes:stamp') or 0)
  local stamp = whole(math.max(last + 1, clock[1] * 1000000 + clock[2]))
  redis.call('SET', 'sluice:lanes:stamp', stamp)
  return stamp
end

local function mark(line, name) return redis.call('HGET', line.marks, name) end
local function class_counter(line) return tonumber(mark(line, 'counter') or 0) end
-- What a class that keeps pace with this one has at least.
local function paced(line, other) return class_counter(other) - CREDIT[line.class] end
local function weight_of(line, lane) return math.max(1, tonumber(mark(line, 'weight:' .. lane) or 1)) end
local function counter_of(line, lane)
  return tonumber(redis.call('ZSCORE', line.served, lane) or mark(line, 'left:' .. lane) or 0)
end

-- The least counter of the other lanes of the index; where there is none, that of the last turn.
local function least(line, lane)
  local first = redis.call('ZRANGE', line.served, 0, 1, 'WITHSCORES')
  local at = first[1] == lane and 4 or 2
  return tonumber(first[at] or mark(line, 'floor') or 0)
end

-- Service for a lane and its class, or service taken back.
local function serve(line, lane, amount)
  redis.call('HSET', line.marks, 'counter', exact(math.max(0, class_counter(line) + amount / SHARES[line.class])))
  if not lane then return end
  local counter = exact(math.max(0, counter_of(line, lane) + amount / weight_of(line, lane)))
  if redis.call('ZSCORE', line.served, lane) then
    redis.call('ZADD', line.served, counter, lane)
  else
    redis.call('HSET', line.marks, 'left:' .. lane, counter)
  end
end

-- The lane if it has the tenant for which that turn was given, else nil: nobody pays for the one before.
local function still(line, lane, stamp)
  return lane and tonumber(stamp) > tonumber(mark(line, 'passed:' .. lane) or 0) and lane or nil
end

-- The turn is over that was given with this stamp: once, however often it is said.
local function end_given(line, lane, stamp)
  if redis.call('ZREM', line.turns, 'p ' .. stamp) == 0 then return false end
  local tenant = mark(line, 'tenant:' .. lane)
  if tenant then redis.call('ZREM', given_key(tenant), stamp) end
  return true
end
