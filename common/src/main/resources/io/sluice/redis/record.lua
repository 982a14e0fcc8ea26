-- What the scripts on jobs share. Time is the server's own; keys are built here and nowhere else.
--   sluice:job:ID         hash    the record; lives until max(end, finish_by) + 24 h, and at least until its job ends (owner: sluice:due)
--   sluice:log:ID         stream  its events, at FENCE-SEQ; lives as long
--   sluice:idem:...       string  ID and fingerprint of the job that holds an idempotency key; lives as long
--   sluice:tenant:T       zset    ids of a tenant's records in order of time     (owner: sweep)
--   sluice:life           zset    "ID TENANT" by the end of the record's life    (owner: sweep)
--   sluice:due            zset    ids by the next deadline that ends the job     (owner: sweep)
--   sluice:waiting[:T]    set     ids that are queued and have not started       (owner: whatever moves the job on)
--   sluice:waiting_tokens:T  string  the tokens that a tenant's waiting jobs may cost at most; gone when none waits
--   sluice:starting:POOL     zset  interactive ids that wait for their first slot, by when they could start (owner: as waiting)
--   sluice:starting_of:POOL  hash  "jobs T" and "tokens T", how much of it is whose; gone when none waits
--   sluice:running:T    set     ids that are running                             (owner: claim, requeue, close)
--   sluice:bounded:T    string  when the tenant last ran as many jobs as it may (ms); lives a day
--   sluice:unpublished    zset    ids by the time of their admission             (owner: published, refund)
--   sluice:wake:0..7      channel ids whose log or state changed
-- ENDINGS, the endings that scripts write by themselves, is put before this text by the loader.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local KEEP_MS = 24 * 60 * 60 * 1000
-- More than one attempt can write: an hour at a flush every 40 ms is 90,000. So only former attempts are ever trimmed.
local LOG_EVENTS_MAX = 200000

-- The moves of JobState.canBecome.
local MOVES = {
  queued = {in_progress = true, failed = true, cancelled = true, expired = true},
  in_progress = {queued = true, in_progress = true, cancelling = true, completed = true, incomplete = true, failed = true, cancelled = true},
  cancelling = {cancelled = true},
}

local function whole(number) return string.format('%.0f', number) end
local function job_key(id) return 'sluice:job:' .. id end
local function log_key(id) return 'sluice:log:' .. id end

-- What decisions need of a record, or nil without one.
local function load(id)
  local v = redis.call('HMGET', job_key(id), 'state', 'attempt', 'fence', 'failures', 'losses', 'lease_until', 'worker', 'nonce',
    'not_before', 'start_by', 'finish_by', 'tenant', 'idem', 'requeued', 'reason', 'started', 'published', 'ended_by', 'pool', 'tokens',
    'hook', 'sharing')
  if not v[1] then return nil end
  return {
    id = id, state = v[1], attempt = tonumber(v[2]), fence = tonumber(v[3]), failures = tonumber(v[4]), losses = tonumber(v[5]),
    lease_until = tonumber(v[6] or 0), worker = v[7] or '', nonce = v[8] or '', not_before = tonumber(v[9] or 0),
    start_by = tonumber(v[10]), finish_by = tonumber(v[11]), tenant = v[12], idem = v[13], requeued = v[14] or '',
    reason = v[15] or '', started = v[16], published = v[17] == '1', ended_by = v[18] or '', 
    pool = v[19] or nil, tokens = tonumber(v[20] or 0), hook = v[21] or nil, sharing = v[22] or nil,
  }
end

local function is_over(r) return MOVES[r.state] == nil end
local function is_running(r) return r.state == 'in_progress' or r.state == 'cancelling' end

-- A reply of a record: without the job itself, which is large, where the caller has it.
local function reply(what, id)
  return {what, unpack(redis.call('HMGET', job_key(id), 'state', 'published', 'attempt', 'failures', 'losses', 'fence', 'not_before',
    'started', 'ended', 'ending', 'lane', 'jobs_before', 'tokens_before', 'hook_state', 'hook_attempts', 'hook_status', 'hook_problem', 'hook_next', 'hook_since', 'cached'))}
end
local function reply_with_job(what, id)
  local answer = reply(what, id)
  answer[#answer + 1] = redis.call('HGET', job_key(id), 'job')
  return answer
end

local function next_fence(r) return math.max(r.fence + 1, now) end

local function wake(id)
  redis.call('PUBLISH', 'sluice:wake:' .. tonumber(string.sub(id, -1), 16) % 8, id)
end

local function log(id, position, kind, data)
  redis.call('XADD', log_key(id), 'MAXLEN', '~', LOG_EVENTS_MAX, position, 'type', kind, 'data', data)
end

-- The history of a job, in the field 'steps' of its record: one line of StepCodec for each step.
local STEPS_MAX, FIRST_STEPS = 64, 8

-- Of a long history the middle is left out; one line says how much.
local function shortened(text)
  local lines = {}
  for line in string.gmatch(text, '[^\n]+') do lines[#lines + 1] = line end
  local at, gone = string.match(lines[FIRST_STEPS + 1], '^left_out (%d+) steps=(%d+)$')
  if not at then at, gone = string.match(lines[FIRST_STEPS + 1], '^%S+ (%d+)'), 1 end
  table.remove(lines, FIRST_STEPS + 2)
  lines[FIRST_STEPS + 1] = 'left_out ' .. at .. ' steps=' .. whole(tonumber(gone) + 1)
  return table.concat(lines, '\n') .. '\n'
end

local function step(id, word, at, values)
  local text = redis.call('HGET', job_key(id), 'steps') or ''
  local _, count = string.gsub(text, '\n', '')
  if count >= STEPS_MAX then text = shortened(text) end
  redis.call('HSET', job_key(id), 'steps', text .. word .. ' ' .. whole(at) .. (values and ' ' .. values or '') .. '\n')
end
local function one_word(text) return (string.gsub(text, '%s', '_')) end

-- The record of a job that has not ended has no end either: it says what to take off the counters of what waits and runs. If it
-- went by itself, after days in which everything was off, its job would be counted for ever.
-- What is owed to a webhook is kept as long as somebody may try.
local function keep(r, ended, owed)
  local until_ms = math.max(now + (owed and HOOK_KEEP_MS or 0), r.finish_by) + KEEP_MS
  if ended then redis.call('PEXPIREAT', job_key(r.id), whole(until_ms)) else redis.call('PERSIST', job_key(r.id)) end
  redis.call('PEXPIREAT', log_key(r.id), whole(until_ms))
  if r.idem ~= '' then redis.call('PEXPIREAT', r.idem, whole(until_ms)) end
  redis.call('ZADD', 'sluice:life', whole(until_ms), r.id .. ' ' .. r.tenant)
end

local function starting_key(pool) return 'sluice:starting:' .. pool end
local function starting_of_key(pool) return 'sluice:starting_of:' .. pool end

-- The job does not wait for its first slot any more.
local function leave_start(id, tenant, pool, tokens)
  if redis.call('ZREM', starting_key(pool), id) == 0 then return end
  redis.call('HINCRBY', starting_of_key(pool), 'jobs ' .. tenant, -1)
  redis.call('HINCRBY', starting_of_key(pool), 'tokens ' .. tenant, -tokens)
  if redis.call('EXISTS', starting_key(pool)) == 0 then redis.call('DEL', starting_of_key(pool)) end
end

-- Gives back the job's waiting place; true if it had one. The job starts, or never will.
local function leave_place(id, tenant, starts)
  redis.call('SREM', 'sluice:waiting', id)
  if redis.call('SREM', 'sluice:waiting:' .. tenant, id) == 0 then return false end
  local v = redis.call('HMGET', job_key(id), 'tokens', 'pool', 'where', 'lane', 'cost', 'jobs_before')
  local tokens = 'sluice:waiting_tokens:' .. tenant
  redis.call('DECRBY', tokens, v[1] or 0)
  if redis.call('EXISTS', 'sluice:waiting:' .. tenant) == 0 then redis.call('DEL', tokens) end
  if v[2] then leave_start(id, tenant, v[2], v[1]) end
  if v[3] then
    leave_lane(v[3], tenant)
    leave_queue(v[3], v[4], tenant, v[5] or 0, starts, now)
    if not starts then give_way(v[3], v[4], v[6] or '0', now) end
  end
  return true
end

-- The job runs no more, if it did, and its slot is free.
local function leave_slot(id, tenant)
  if redis.call('SREM', 'sluice:running:' .. tenant, id) == 0 then return end
  local v = redis.call('HMGET', job_key(id), 'where', 'cost', 'attempt', 'started', 'running_max')
  local ran = v[3] == '1' and now - (v[4] or now) or 0
  if v[5] and redis.call('SCARD', 'sluice:running:' .. tenant) + 1 >= tonumber(v[5]) then
    redis.call('SET', 'sluice:bounded:' .. tenant, whole(now), 'PX', KEEP_MS)
  end
  if v[1] then meter(v[1], 'ends', now, tonumber(v[2] or 0), ran) end
end

local function set_due(r)
  local at = r.finish_by
  if r.state == 'queued' and r.attempt == 0 then at = math.min(at, r.start_by) end
  if r.state == 'cancelling' then at = math.min(at, r.lease_until) end
  redis.call('ZADD', 'sluice:due', whole(at), r.id)
end

local function check_move(r, to)
  if not MOVES[r.state] or not MOVES[r.state][to] then error({err = 'ERR no move from ' .. r.state .. ' to ' .. to .. ' of ' .. r.id}) end
end

-- Ends a job with its large write first, so that a full store refuses it as a whole. A cancelling job ends
-- cancelled, whatever its ending says. Without a fence, from outside: the fence rises. Its limits are settled with
-- the tokens that it used; where nobody knows, a job that never ran used none, and for another its charge stands.
local function close(r, state, ending, fence, used)
  if r.state == 'cancelling' then state = 'cancelled' end
  check_move(r, state)
  fence = whole(fence or next_fence(r))
  redis.call('HSET', job_key(r.id), 'ending', ending, 'state', state, 'fence', fence, 'ended', whole(now))
  redis.call('HDEL', job_key(r.id), 'worker', 'lease_until', 'not_before', 'nonce', 'reason')
  leave_place(r.id, r.tenant)
  leave_slot(r.id, r.tenant)
  if not used and r.attempt == 0 then used = 0 end
  if used then settle(job_key(r.id), used) end
  redis.call('ZREM', 'sluice:unpublished', r.id)
  redis.call('ZREM', 'sluice:due', r.id)
  step(r.id, 'ended', now, 'state=' .. state)
  log(r.id, fence .. '-*', 'end', '{"state":"' .. state .. '"}')
  if r.hook then
    redis.call('HSET', job_key(r.id), 'hook_since', whole(now), 'hook_next', whole(now))
    owe(r.tenant, r.hook, r.id, now)
  end
  keep(r, true, r.hook)
  wake(r.id)
end
