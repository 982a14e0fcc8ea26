-- How records come to be. The job is eight arguments in a row: its JSON, tenant, idempotency key as the name of
-- its key here or '', fingerprint, start_by and finish_by in ms, the tokens that it may cost at most, and the target
-- of its webhook or ''.
local function unborn(id, first)
  return {
    id = id, json = ARGV[first], tenant = ARGV[first + 1], idem = ARGV[first + 2], print = ARGV[first + 3],
    start_by = tonumber(ARGV[first + 4]), finish_by = tonumber(ARGV[first + 5]), tokens = tonumber(ARGV[first + 6]),
    state = 'queued', attempt = 0, fence = 0, failures = 0, losses = 0, lease_until = 0, worker = '', nonce = '', not_before = 0,
    requeued = '', reason = '', started = false, published = false, ended_by = '', hook = ARGV[first + 7] ~= '' and ARGV[first + 7] or nil,
  }
end

-- The job that holds the idempotency key, with its fingerprint; nil if none does.
local function holder_of(r)
  local held = r.idem ~= '' and redis.call('GET', r.idem)
  if not held then return nil end
  local id, print = string.match(held, '^(%S+) (.*)$')
  if redis.call('EXISTS', job_key(id)) == 0 then return nil end
  return id, print
end

local function create(r)
  redis.call('HSET', job_key(r.id), 'job', r.json, 'state', r.state, 'published', r.published and 1 or 0, 'attempt', whole(r.attempt),
    'failures', 0, 'losses', 0, 'fence', 0, 'tenant', r.tenant, 'idem', r.idem, 'start_by', whole(r.start_by), 'finish_by', whole(r.finish_by), 'tokens', whole(r.tokens))
  if r.idem ~= '' then redis.call('SET', r.idem, r.id .. ' ' .. r.print) end
  redis.call('ZADD', 'sluice:tenant:' .. r.tenant, 0, r.id)
  -- A worker of a version that knows of no webhooks may end it; then it is told at its finish_by.
  if r.hook then
    redis.call('HSET', job_key(r.id), 'hook', r.hook, 'hook_state', 'pending')
    owe(r.tenant, r.hook, r.id, r.finish_by)
  end
  keep(r)
  set_due(r)
end

local function take_place(r)
  redis.call('SADD', 'sluice:waiting', r.id)
  if redis.call('SADD', 'sluice:waiting:' .. r.tenant, r.id) == 1 then redis.call('INCRBY', 'sluice:waiting_tokens:' .. r.tenant, r.tokens) end
end

-- The job's lane, and what had entered it before. line: where, shared lane, weight, prompt tokens, longest output, p50 and p90,
-- and how many jobs of its tenant may run or ''.
local function take_ticket(r, line)
  local lane = enter_lane(line.where, r.tenant, line.shared)
  local cost = whole(cost_of(line.where, line.prompt, line.output))
  local jobs, tokens, came = enter_queue(line.where, lane, r.tenant, line.weight, cost, now)
  redis.call('HSET', job_key(r.id), 'where', line.where, 'lane', lane, 'jobs_before', jobs, 'tokens_before', tokens, 'cost', cost, 'came', came)
  if line.running_max ~= '' then redis.call('HSET', job_key(r.id), 'running_max', line.running_max) end
  local what = told(line.where, line.p50, line.p90, now)
  if what then redis.call('HSET', job_key(r.id), 'told', what) end
  return {lane, jobs, tokens}
end

-- An interactive job waits for its first slot, which it can take when its delay is over.
local function take_start(r, pool, delay)
  redis.call('HSET', job_key(r.id), 'pool', pool)
  redis.call('ZADD', starting_key(pool), whole(now + delay), r.id)
  redis.call('HINCRBY', starting_of_key(pool), 'jobs ' .. r.tenant, 1)
  redis.call('HINCRBY', starting_of_key(pool), 'tokens ' .. r.tenant, r.tokens)
end

-- Brings a lost record back from its message. If another job holds its key meanwhile it ends cancelled.
local function restore(r, attempt)
  local holder = holder_of(r)
  local superseded = holder and holder ~= r.id
  if superseded then r.idem = '' end
  r.attempt = attempt
  r.published = true
  create(r)
  step(r.id, 'restored', now)
  if superseded then
    close(r, 'cancelled', ENDINGS.superseded)
    r.state = 'cancelled'
  end
end
