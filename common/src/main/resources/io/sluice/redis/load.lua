-- How late the interactive jobs of a pool start, and how hard its tenants are held back for it: needs limits.lua and record.lua.
--   sluice:load:POOL         hash  pressure and what it follows from (see look); lives 60 s after the last look
--   sluice:asking:POOL       zset  tenants by when they last asked; lives as long
--   sluice:starting:POOL and sluice:starting_of:POOL: see record.lua
--   sluice:window:started_jobs|started_tokens|asked_tokens:SHA: what was started in the last minute, and who asked for how much
-- The signal is that of CoDel (RFC 8289): the smallest wait over an interval, since one job in time shows that no queue
-- stands. Where nothing starts it is the age of the oldest that waits. The answer is additive steps with a dead band.
local STEP_MS, STEPS_MAX = 1000, 10
local HALF_MS = 2500
local OLDEST_MAX = 32
local FORGET_MS = 60000
local RISE, RISE_ABOVE_ONE, FALL = 0.1, 0.02, 0.05

local function load_key(pool) return 'sluice:load:' .. pool end
local function window_key(what, whose) return 'sluice:window:' .. what .. ':' .. redis.sha1hex(whose) end

-- How long a job has waited for a slot: not while its tenant ran as many jobs as it may.
local function waited(since, tenant)
  return math.max(0, now - math.max(since, tonumber(redis.call('GET', 'sluice:bounded:' .. tenant) or 0)))
end

-- The wait of the oldest interactive job that waits for a slot and not for its own tenant; entries whose record is gone are
-- dropped on the way. Where as many as are looked at wait for their tenants nothing is said of the load.
local function oldest(pool)
  local all = redis.call('ZRANGE', starting_key(pool), 0, OLDEST_MAX - 1, 'WITHSCORES')
  if not all[1] then redis.call('DEL', starting_of_key(pool)) end
  local capped, longest = {}, 0
  for i = 1, #all, 2 do
    local v = redis.call('HMGET', job_key(all[i]), 'tenant', 'running_max')
    local tenant = v[1]
    if not tenant then
      redis.call('ZREM', starting_key(pool), all[i])
    else
      if capped[tenant] == nil then capped[tenant] = v[2] and redis.call('SCARD', 'sluice:running:' .. tenant) >= tonumber(v[2]) or false end
      if not capped[tenant] then longest = math.max(longest, waited(all[i + 1], tenant)) end
    end
  end
  return longest
end

local function wait_of(pool, s)
  if s.low and s.before then return math.min(s.low, s.before) end
  return s.low or s.before or oldest(pool)
end

-- The state with its two halves of the interval up to date; nil where nobody looked for a minute.
local function recall(pool)
  local v = redis.call('HMGET', load_key(pool), 'pressure', 'stepped', 'half', 'low', 'before', 'was', 'shrinks')
  if not v[1] or now - v[2] >= FORGET_MS then return nil end
  local s = {pressure = tonumber(v[1]), stepped = tonumber(v[2]), half = tonumber(v[3]), low = tonumber(v[4]), before = tonumber(v[5]), was = tonumber(v[6]), shrinks = v[7] == '1'}
  local since = now - s.half
  if since >= HALF_MS then
    local waiting = redis.call('ZCARD', starting_key(pool))
    s.shrinks = s.was ~= nil and waiting < s.was
    s.was = waiting
    s.before = since < 2 * HALF_MS and s.low or nil
    s.low = nil
    s.half = now - since % HALF_MS
  end
  return s
end

local function remember(pool, s)
  redis.call('HSET', load_key(pool), 'pressure', string.format('%.3f', s.pressure), 'stepped', whole(s.stepped), 'half', whole(s.half),
    'low', s.low and whole(s.low) or '', 'before', s.before and whole(s.before) or '', 'was', s.was and whole(s.was) or '', 'shrinks', s.shrinks and 1 or 0)
  redis.call('PEXPIRE', load_key(pool), FORGET_MS)
end

-- The pressure after the steps that are due. It goes beyond 1 only where the queue does not shrink: what waits already must
-- have time to drain.
local function look(pool, target)
  local s = recall(pool) or {pressure = 0, stepped = now, half = now}
  local steps = math.min(STEPS_MAX, math.floor((now - s.stepped) / STEP_MS))
  if steps > 0 then
    local wait = wait_of(pool, s)
    if wait > target and s.pressure < 1 then
      s.pressure = math.min(1, s.pressure + RISE * steps)
    elseif wait > target and not s.shrinks then
      s.pressure = math.min(2, s.pressure + RISE_ABOVE_ONE * steps)
    elseif wait < target / 2 then
      s.pressure = math.max(0, s.pressure - FALL * steps)
    end
    s.stepped = now - (now - s.stepped) % STEP_MS
  end
  remember(pool, s)
  return s.pressure
end

local function charged(key, amount, unit)
  return table.concat({'window', key, whole(charge_window(key, now, amount)), whole(amount), unit}, ' ') .. '\n'
end

-- A job starts for the first time. What its tenant's own bound held back says nothing of the load.
local function starts(r)
  local since = r.pool and redis.call('ZSCORE', starting_key(r.pool), r.id)
  if not since then return end
  local s = recall(r.pool)
  if s then
    local wait = waited(since, r.tenant)
    s.low = s.low and math.min(s.low, wait) or wait
    remember(r.pool, s)
  end
  local charges = redis.call('HGET', job_key(r.id), 'charges') or ''
  redis.call('HSET', job_key(r.id), 'charges', charges .. charged(window_key('started_jobs', r.pool), 1, 'jobs')
    .. charged(window_key('started_tokens', r.pool), r.tokens, 'tokens'))
end

-- How a job is held back: part is how far its bounds go on their way to the fair share, 0 to 1. Tenants that asked for more
-- than their share in the last minute, refused or not, go first, and batch jobs with them; the others when the pressure is
-- above 1. A tenant that has nothing waiting or running is never held back.
local function squeeze(r, pool, interactive, target)
  local q = {pressure = look(pool, target), part = 0}
  redis.call('ZADD', 'sluice:asking:' .. pool, whole(now), r.tenant)
  redis.call('PEXPIRE', 'sluice:asking:' .. pool, FORGET_MS)
  local all_asked, own_asked = window_key('asked_tokens', pool), window_key('asked_tokens', pool .. ' ' .. r.tenant)
  if interactive then
    charge_window(all_asked, now, r.tokens)
    charge_window(own_asked, now, r.tokens)
  end
  if q.pressure == 0 then return q end
  redis.call('ZREMRANGEBYSCORE', 'sluice:asking:' .. pool, '-inf', whole(now - FORGET_MS))
  local own = redis.call('HMGET', starting_of_key(pool), 'jobs ' .. r.tenant, 'tokens ' .. r.tenant)
  q.waiting_jobs, q.waiting_tokens = tonumber(own[1] or 0), tonumber(own[2] or 0)
  if q.waiting_jobs == 0 and redis.call('SCARD', 'sluice:running:' .. r.tenant) == 0 then return q end
  q.tenants = redis.call('ZCARD', 'sluice:asking:' .. pool)
  q.all_waiting = redis.call('ZCARD', starting_key(pool))
  q.jobs = roll(window_key('started_jobs', pool), now)
  q.tokens = roll(window_key('started_tokens', pool), now)
  q.first = not interactive or roll(own_asked, now) * q.tenants > (roll(all_asked, now))
  q.part = q.first and math.min(1, q.pressure) or math.max(0, q.pressure - 1)
  return q
end

-- The number of a limit under pressure: on a geometric way, so that each step weighs the same, to the tenant's fair share of
-- what the pool started in the last minute. Of waiting jobs that is as many as start within the target (Little's law). For
-- those that go first the way begins at all that the pool started, so that their queue stops growing at once; for the others,
-- and where nothing started, at the number itself. Never less than the job itself or, per minute, a tenth.
local function tightened(q, limit, cost, target)
  local whole_pool, least = limit.unit == 'tokens' and q.tokens or q.jobs, cost
  if limit.window == 0 then whole_pool = whole_pool * target / 60000 else least = math.max(cost, math.ceil(limit.bound / 10)) end
  local from = q.first and whole_pool > 0 and math.min(limit.bound, math.max(1, whole_pool)) or limit.bound
  local bound = math.floor(from ^ (1 - q.part) * math.max(1, whole_pool / q.tenants) ^ q.part)
  return math.min(limit.bound, math.max(least, bound))
end

-- How long until so much more of a tenant's has started that waits, at the pace of the last minute, in ms; a minute where
-- there is no pace.
local function until_started(q, excess, per_minute)
  if per_minute == 0 or q.waiting_jobs == 0 then return 60000 end
  return math.max(1000, math.min(3600000, math.ceil(excess * q.all_waiting / q.waiting_jobs / per_minute * 60000)))
end
