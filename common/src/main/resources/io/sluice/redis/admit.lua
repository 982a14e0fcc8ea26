-- Admission.admit: idempotency key, every limit, and the record, in one step.
-- ARGV: 1 id, 2.. the job (birth.lua), 10 principal, 11 session or '', 12 longest smoothing ms, 13 running_max or '',
--       14 pool, 15 interactive (1 or 0), 16 the most that interactive jobs should wait in ms or 0 for any wait,
--       17 number of the shared lane for its tenant, 18 its weight, 19 prompt tokens, 20 longest output, 21 p50 and 22 p90 of the forecast in
--       ms or '', 23 its sharing or '', 24.. name, scope, unit, window ms, bound and 1 if shadow, of each limit
-- returns {admitted, delay ms, pressure, lane, jobs and tokens before, level...} | {answered, the same in a list, record...} | {replayed, record..., job} | {reused, id}
--   | {refused, 0, pressure, 0, 0, 0, level...}
--   a level is six values: name, bound, remaining, reset ms, within | exceeded | shadowed, ms to wait or -1 for ever
-- Sent twice: the second finds its own record with the answer, which is kept until the mark, and nothing is counted twice.
local r = unborn(ARGV[1], 2)
if redis.call('EXISTS', job_key(r.id)) == 1 then
  local before = redis.call('HGET', job_key(r.id), 'admitted')
  if before and redis.call('HEXISTS', job_key(r.id), 'cached') == 1 then
    local record = reply('answered', r.id)
    return {'answered', cjson.decode(before), record}
  end
  local ticket = redis.call('HMGET', job_key(r.id), 'lane', 'jobs_before', 'tokens_before')
  return before and cjson.decode(before) or {'admitted', '0', '0', ticket[1] or ARGV[17], ticket[2] or '0', ticket[3] or '0'}
end
local holder, print = holder_of(r)
if holder and print == r.print then
  -- Who asks may publish it: from here on no undo, however late, takes it away.
  if redis.call('HGET', job_key(holder), 'published') == '0' then redis.call('HSET', job_key(holder), 'replayed', 1) end
  return reply_with_job('replayed', holder)
end
if holder then return {'reused', holder} end

local PLACE_RETRY_MS = 5000
local delay, refused, levels, charges = 0, false, {}, {}
local pool, interactive, target = ARGV[14], ARGV[15] == '1', tonumber(ARGV[16])
-- With its answer known, a job asks nothing of an engine: no tokens, no place, no turn, and no part in the load.
local share = sharing_of(ARGV[23])
local known = share and kept_answer(share)
local q = target > 0 and not known and squeeze(r, pool, interactive, target) or {pressure = 0, part = 0}

local function subject(scope)
  local tenant = #r.tenant .. ':' .. r.tenant
  if scope == 'TENANT' then return tenant end
  if scope == 'PRINCIPAL' then return tenant .. ' ' .. ARGV[10] end
  return tenant .. ' ' .. #ARGV[10] .. ':' .. ARGV[10] .. ' ' .. ARGV[11]
end

-- Each returns what is used, whether the job fits, how long to wait, when all is there again, and how to charge. Under
-- pressure the bound is tightened on the way.
local function in_window(limit, cost)
  if q.part > 0 then limit.bound = tightened(q, limit, cost, target) end
  local key = 'sluice:window:' .. limit.name .. ':' .. redis.sha1hex(subject(limit.scope))
  local sum, current, first = roll(key, now)
  local fits = sum + cost <= limit.bound
  return sum, fits, fits and 0 or wait_for(key, now, sum, current, first, cost, limit.bound), (current + BUCKETS) * BUCKET_MS - now, function()
    return 'window ' .. key .. ' ' .. whole(charge_window(key, now, cost)) .. ' ' .. whole(cost) .. ' ' .. limit.unit
  end
end
local function in_day(limit, cost)
  local day = math.floor(now / DAY_MS)
  local key = 'sluice:day:' .. redis.sha1hex(subject(limit.scope)) .. ':' .. whole(day)
  local sum = tonumber(redis.call('GET', key) or 0)
  local left = (day + 1) * DAY_MS - now
  local fits = sum + cost <= limit.bound
  return sum, fits, fits and 0 or (cost > limit.bound and -1 or left), left, function()
    charge_day(key, cost)
    return 'day ' .. key .. ' 0 ' .. whole(cost) .. ' ' .. limit.unit
  end
end
local function smoothed(limit)
  local key = 'sluice:smooth:' .. redis.sha1hex(subject(limit.scope))
  local at = math.max(now, tonumber(redis.call('GET', key) or 0))
  local longest = tonumber(ARGV[12])
  local fits = at - now <= longest
  return math.min(limit.bound, math.ceil((at - now) * limit.bound / 1000)), fits, fits and 0 or math.ceil(at - now - longest), math.ceil(at - now), function()
    local interval = 1000 / limit.bound
    if not limit.shadow then delay = math.max(delay, at - now) end
    redis.call('SET', key, string.format('%.3f', at + interval), 'PX', whole(math.ceil(at - now + interval) + 1))
    return string.format('smooth %s %.3f %.3f turn', key, at, interval)
  end
end
local function in_places(limit)
  local used, cost = 0, 1
  if limit.name == 'waiting_jobs' then used = redis.call('SCARD', 'sluice:waiting') end
  if limit.name == 'tenant_waiting_jobs' then used = redis.call('SCARD', 'sluice:waiting:' .. r.tenant) end
  if limit.name == 'tenant_waiting_tokens' then used, cost = tonumber(redis.call('GET', 'sluice:waiting_tokens:' .. r.tenant) or 0), r.tokens end
  local fits, wait = used + cost <= limit.bound, PLACE_RETRY_MS
  if cost > limit.bound then wait = -1 end
  if fits and q.part > 0 and interactive and limit.scope == 'TENANT' then
    limit.bound = tightened(q, limit, cost, target)
    used = limit.unit == 'tokens' and q.waiting_tokens or q.waiting_jobs
    fits = used + cost <= limit.bound
    if not fits then wait = until_started(q, used + cost - limit.bound, limit.unit == 'tokens' and q.tokens or q.jobs) end
  end
  return used, fits, fits and 0 or wait, PLACE_RETRY_MS, function() end
end

local function hold_against(limit)
  if limit.scope == 'SESSION' and ARGV[11] == '' then return end
  if known and limit.window <= 1000 then return end
  local cost = limit.unit == 'tokens' and (known and 0 or r.tokens) or 1
  local used, fits, wait, reset, charge
  if limit.window == 0 then used, fits, wait, reset, charge = in_places(limit)
  elseif limit.window == 1000 then used, fits, wait, reset, charge = smoothed(limit)
  elseif limit.window == DAY_MS then used, fits, wait, reset, charge = in_day(limit, cost)
  else used, fits, wait, reset, charge = in_window(limit, cost) end
  refused = refused or (not fits and not limit.shadow)
  levels[#levels + 1] = {limit = limit, used = used, cost = cost, fits = fits, wait = wait, reset = reset, charge = charge}
end
for i = 24, #ARGV, 6 do
  hold_against({name = ARGV[i], scope = ARGV[i + 1], unit = ARGV[i + 2], window = tonumber(ARGV[i + 3]), bound = tonumber(ARGV[i + 4]), shadow = ARGV[i + 5] == '1'})
end

local answer = {refused and 'refused' or 'admitted', '0', string.format('%.3f', q.pressure), '0', '0', '0'}
for _, l in ipairs(levels) do
  local charged = l.fits and not refused
  if charged then charges[#charges + 1] = l.charge() end
  local n = #answer
  answer[n + 1] = l.limit.name
  answer[n + 2] = whole(l.limit.bound)
  answer[n + 3] = whole(math.max(0, l.limit.bound - l.used - (charged and l.cost or 0)))
  answer[n + 4] = whole(math.max(0, l.reset))
  answer[n + 5] = l.fits and 'within' or (l.limit.shadow and 'shadowed' or 'exceeded')
  answer[n + 6] = whole(l.wait)
end
if refused then return answer end
if known then
  r.published = true
  create(r)
  if #charges > 0 then redis.call('HSET', job_key(r.id), 'charges', table.concat(charges, '\n') .. '\n') end
  step(r.id, 'admitted', now, 'delay=0')
  redis.call('HSET', job_key(r.id), 'admitted', cjson.encode(answer))
  answer_with(r, known, 'hit')
  return {'answered', answer, reply('answered', r.id)}
end
create(r)
take_place(r)
if share then
  redis.call('HSET', job_key(r.id), 'sharing', ARGV[23])
  join_flight(share, r)
end
answer[4], answer[5], answer[6] = unpack(take_ticket(r, {where = pool .. '/' .. (interactive and 'interactive' or 'batch'), shared = ARGV[17],
  weight = ARGV[18], prompt = tonumber(ARGV[19]), output = tonumber(ARGV[20]), p50 = ARGV[21], p90 = ARGV[22], running_max = ARGV[13]}))
-- A tenant that has as many jobs running or next as may run: the rest wait for that, and say nothing of the load.
local function waits_for_its_tenant()
  if ARGV[13] == '' then return false end
  local next_ones = tonumber(redis.call('HGET', starting_of_key(pool), 'jobs ' .. r.tenant) or 0)
  return redis.call('SCARD', 'sluice:running:' .. r.tenant) + next_ones >= tonumber(ARGV[13])
end
if target > 0 and interactive and not waits_for_its_tenant() then take_start(r, pool, math.ceil(delay)) end
if #charges > 0 then redis.call('HSET', job_key(r.id), 'charges', table.concat(charges, '\n') .. '\n') end
redis.call('ZADD', 'sluice:unpublished', whole(now), r.id)
answer[2] = whole(math.ceil(delay))
step(r.id, 'admitted', now, 'delay=' .. answer[2])
redis.call('HSET', job_key(r.id), 'admitted', cjson.encode(answer))
return answer
