-- What forecasts are made of: put after numbers.lua and before record.lua, which uses it. WHERE is POOL/CLASS.
--   sluice:queues:WHERE      hash  of each lane N: "N jobs" and "N tokens" that ever entered, "N gone_jobs" and "N gone_tokens" of it that
--     departed, "N weight" of the tenants that wait there, "N inflow" (a sum that fades) as it was at "N inflow_at";
--     "N turned", the mark of its last start, and "N gave_way", that of the last job that left it without one, and its "jobs" before
--   sluice:pace:POOL         hash  the state of Meter, field by field; interactive, batch: how many attempts of each class ever began
--   sluice:experience:WHERE  hash  median, ninety, seen: the odds; output: the mean length of outputs
--   sluice:numbers:WHERE     hash  also "weight T" of each tenant that waits
-- A mark is a moment and the attempts that had begun by then: "MS INTERACTIVE BATCH".
-- They live 30 days after the last job came in. Where one is lost it begins anew, and nothing becomes less than zero.
local QUEUES_KEEP_MS = 30 * 24 * 60 * 60 * 1000
local INFLOW_MS = 60000
local FIRST_OUTPUT, OUTPUT_STEP = 256, 1 / 1024
local TIMES_KEPT = 0.98
local AIM, STEP, FIRST_STEP, STEPS_OF_ALL, NINETY_MIN = 0.94, 0.01, 0.3, 0.7, 0.95
local AGE_MAX_MS, ENDS_MIN, STANDS_ENDS, STANDS_LEAST_MS = 3600000, 4.5, 100, 10000
local GRACE_MS, ENDS, ENDS_PER_SLOT, SLOTS_STEP = 500, 100, 4, 0.125
local TOLD_MIN_MS, FLOOR_MS = 500, 500
local METER = {'jobs', 'tokens', 'busy', 'counted_to', 'waiting_since', 'seen_at', 'waiting', 'running', 'slots', 'timed', 'time_sum', 'time_squares', 'stood_at'}

local function queues_key(where) return 'sluice:queues:' .. where end
local function pace_key(pool) return 'sluice:pace:' .. pool end
local function experience_key(where) return 'sluice:experience:' .. where end
local function pool_of(where) return (string.match(where, '^(.*)/[^/]*$')) end
local function class_of(where) return (string.match(where, '([^/]*)$')) end
local function exact(number) return string.format('%.17g', number) end

-- Meter.java, which says why.
local function crowded(m, now) return m.waiting_since > 0 and now > m.waiting_since + GRACE_MS end
local function stands_after(m)
  if m.jobs < ENDS_MIN then return AGE_MAX_MS end
  return math.min(AGE_MAX_MS, math.max(STANDS_LEAST_MS, STANDS_ENDS * m.busy / m.jobs))
end
local function count_time(m, now)
  if not crowded(m, now) then return end
  local since = m.waiting_since + GRACE_MS
  if now - math.max(since, m.seen_at) > stands_after(m) then
    m.jobs, m.tokens, m.busy, m.stood_at = 0, 0, 0, now
  else
    m.busy = m.busy + math.max(0, now - math.max(m.counted_to, since))
  end
  m.counted_to = now
end
local STEPS_OF_METER = {
  enters = function(m, now)
    if m.waiting == 0 then m.waiting_since = now end
    m.waiting = m.waiting + 1
  end,
  departs = function(m, now)
    if m.waiting <= 1 then
      count_time(m, now)
      m.waiting_since = 0
    end
    m.waiting = math.max(0, m.waiting - 1)
  end,
  begins = function(m, now)
    count_time(m, now)
    m.running = m.running + 1
    m.slots = math.max(m.slots, m.running)
    m.seen_at = now
  end,
  ends = function(m, now, cost, ran)
    count_time(m, now)
    if crowded(m, now) then
      m.slots = m.slots + SLOTS_STEP * (m.running - m.slots)
      local kept = 1 - 1 / math.max(ENDS, ENDS_PER_SLOT * m.slots)
      m.jobs, m.tokens, m.busy = m.jobs * kept + 1, m.tokens * kept + cost, m.busy * kept
      m.seen_at = now
      if ran > 0 and cost > 0 then
        local time = ran / cost
        m.timed, m.time_sum, m.time_squares = m.timed * TIMES_KEPT + 1, m.time_sum * TIMES_KEPT + time, m.time_squares * TIMES_KEPT + time * time
      end
    end
    m.running = math.max(0, m.running - 1)
  end,
}
-- Both at once, since each reads and writes all of it.
function STEPS_OF_METER.starts(m, now)
  STEPS_OF_METER.departs(m, now)
  STEPS_OF_METER.begins(m, now)
end
local function meter(where, step_of, now, cost, ran)
  local key, m, kept = pace_key(pool_of(where)), {}, {}
  local v = redis.call('HMGET', key, unpack(METER))
  for i, name in ipairs(METER) do m[name] = tonumber(v[i] or 0) end
  STEPS_OF_METER[step_of](m, now, cost, ran)
  for _, name in ipairs(METER) do
    kept[#kept + 1] = name
    kept[#kept + 1] = exact(m[name])
  end
  redis.call('HSET', key, unpack(kept))
  if step_of == 'enters' then redis.call('PEXPIRE', key, QUEUES_KEEP_MS) end
end

-- What a job will probably cost, in virtual tokens: Cost.estimate.
local function cost_of(where, prompt_tokens, max_output)
  local mean = tonumber(redis.call('HGET', experience_key(where), 'output') or FIRST_OUTPUT)
  return prompt_tokens + 2 * math.min(max_output, math.floor(mean + 0.5))
end

-- The attempts that began in the pool, by class; this one too, of the class that is named.
local function begun(where, class)
  local key = pace_key(pool_of(where))
  if class then redis.call('HINCRBY', key, class, 1) end
  local v = redis.call('HMGET', key, 'interactive', 'batch')
  return tonumber(v[1] or 0), tonumber(v[2] or 0)
end
local function mark_of(now, interactive, batch) return exact(now) .. ' ' .. exact(interactive) .. ' ' .. exact(batch) end
local function numbers_of(mark)
  local numbers = {}
  for number in string.gmatch(mark, '%S+') do numbers[#numbers + 1] = tonumber(number) end
  return numbers
end

-- A job takes its place in its lane; returns the jobs and the cost that had entered before, and the mark of its coming with
-- how many jobs were ahead of it there.
local function enter_queue(where, lane, tenant, weight, cost, now)
  local key = queues_key(where)
  local v = redis.call('HMGET', key, lane .. ' jobs', lane .. ' tokens', lane .. ' inflow', lane .. ' inflow_at', lane .. ' gone_jobs')
  local faded = tonumber(v[3] or 0) * math.exp(-math.max(0, now - tonumber(v[4] or now)) / INFLOW_MS)
  redis.call('HINCRBY', key, lane .. ' jobs', 1)
  redis.call('HINCRBY', key, lane .. ' tokens', cost)
  redis.call('HSET', key, lane .. ' inflow', exact(faded + cost), lane .. ' inflow_at', exact(now))
  local weighed = tonumber(redis.call('HGET', numbers_key(where), 'weight ' .. tenant) or 0)
  if weighed ~= tonumber(weight) then
    redis.call('HSET', numbers_key(where), 'weight ' .. tenant, weight)
    redis.call('HINCRBY', key, lane .. ' weight', weight - weighed)
  end
  redis.call('PEXPIRE', key, QUEUES_KEEP_MS)
  meter(where, 'enters', now)
  return v[1] or '0', v[2] or '0', mark_of(now, begun(where)) .. ' ' .. exact(math.max(0, tonumber(v[1] or 0) - tonumber(v[5] or 0)))
end

-- It waits there no more, and starts or never will; its tenant has left the lane if it has no job there.
local function leave_queue(where, lane, tenant, cost, starts, now)
  local key = queues_key(where)
  redis.call('HINCRBY', key, lane .. ' gone_jobs', 1)
  redis.call('HINCRBY', key, lane .. ' gone_tokens', cost)
  if redis.call('HEXISTS', numbers_key(where), 'jobs ' .. tenant) == 0 then
    local weight = redis.call('HGET', numbers_key(where), 'weight ' .. tenant)
    redis.call('HDEL', numbers_key(where), 'weight ' .. tenant)
    if weight then redis.call('HINCRBY', key, lane .. ' weight', -weight) end
  end
  meter(where, starts and 'starts' or 'departs', now)
end

-- An attempt begins. Of a first one, whose coming is known: how its turn came, as values of its step.
local function take_turn(where, lane, came, jobs_before, now)
  local class = class_of(where)
  local interactive, batch = begun(where, class)
  if not came then return '' end
  local key = queues_key(where)
  local v = redis.call('HMGET', key, lane .. ' turned', lane .. ' gave_way')
  redis.call('HSET', key, lane .. ' turned', mark_of(now, interactive, batch))
  local first = numbers_of(came)
  local ahead = first[4]
  for i = 1, 2 do
    local other = v[i] and numbers_of(v[i])
    if other and other[1] >= first[1] and (i == 1 or other[4] < tonumber(jobs_before)) then first = other end
  end
  if class == 'interactive' then interactive = interactive - 1 else batch = batch - 1 end
  return ' first=' .. exact(first[1]) .. ' ahead=' .. exact(ahead) .. ' interactive=' .. exact(math.max(0, interactive - first[2]))
    .. ' batch=' .. exact(math.max(0, batch - first[3]))
end

-- A job leaves its lane without having started: those behind it may be first now.
local function give_way(where, lane, jobs_before, now)
  redis.call('HSET', queues_key(where), lane .. ' gave_way', mark_of(now, begun(where)) .. ' ' .. jobs_before)
end

local function odds_of(where)
  local v = redis.call('HMGET', experience_key(where), 'median', 'ninety', 'seen')
  return tonumber(v[1] or 1), tonumber(v[2] or 1), tonumber(v[3] or 0)
end

-- Told.of: what was foretold, without the odds; nothing where nothing can be learned from it. p50 and p90 are ms or ''.
local function told(where, p50, p90, now)
  if p50 == '' or p90 == '' then return nil end
  local of_median, of_ninety = odds_of(where)
  local median, ninety = (p50 - now) / of_median, (p90 - FLOOR_MS - now) / of_ninety
  if median < TOLD_MIN_MS or ninety <= 0 then return nil end
  return exact(median) .. ' ' .. exact(ninety) .. ' ' .. exact(now)
end

local function moved(at, actual, part, width)
  local by = actual > at and part or part - 1
  return math.min(20, math.max(0.05, at * math.exp(width * by)))
end

-- Told.after and Odds.after: a job starts for the first time, and has left its queue.
local function learn_wait(where, what, now)
  local told_median, told_ninety, from = string.match(what, '^(%S+) (%S+) (%S+)$')
  local state = redis.call('HMGET', pace_key(pool_of(where)), 'waiting', 'stood_at')
  if tonumber(from) <= tonumber(state[2] or 0) then return end
  local waited = math.max(0, now - from)
  local median, ninety, seen = odds_of(where)
  local waiting = tonumber(state[1] or 0)
  local first = FIRST_STEP / (1 + seen / 4)
  local width, high_width = math.max(STEP, first), math.max(math.min(STEP, STEPS_OF_ALL / (1 + waiting)), first)
  redis.call('HSET', experience_key(where), 'median', exact(moved(median, waited / told_median, 0.5, width)),
    'ninety', exact(math.max(NINETY_MIN, moved(ninety, math.max(0, waited - FLOOR_MS) / told_ninety, AIM, high_width))), 'seen', exact(math.min(seen + 1, 1000000)))
  redis.call('PEXPIRE', experience_key(where), QUEUES_KEEP_MS)
end

local function learn_output(where, tokens)
  if tokens <= 0 then return end
  local mean = tonumber(redis.call('HGET', experience_key(where), 'output') or FIRST_OUTPUT)
  redis.call('HSET', experience_key(where), 'output', exact(mean + OUTPUT_STEP * (tokens - mean)))
  redis.call('PEXPIRE', experience_key(where), QUEUES_KEEP_MS)
end
