-- Leases.claim: the right to run a job, in the order that the port says.
-- ARGV: 1 id, 2 worker, 3 nonce, 4 continued (1 or 0), 5 lease ms, 6 losses that make poison, 7 attempt of the message,
--       8 finish_by ms; where an earlier call asked for it, 9.. the job (birth.lua)
-- returns {granted, record...} | {held, worker, remaining ms} | {not_yet, at ms} | {ended, state} | {over, state} | {send_job}
-- Sent twice: the nonce finds the grant again; a nonce whose grant was given up since gets nothing.
local id, worker, nonce = ARGV[1], ARGV[2], ARGV[3]
local continued = ARGV[4] == '1'
local r = load(id)
local restored = false
if r and is_running(r) and r.nonce == nonce then return reply('granted', id) end
if not r then
  epoch()
  if now >= tonumber(ARGV[8]) then return {'over', 'failed'} end
  if not ARGV[9] then return {'send_job'} end
  r = unborn(id, 9)
  restore(r, tonumber(ARGV[7]))
  restored = true
end

local function over(state, ending)
  close(r, state, ending)
  return {'ended', redis.call('HGET', job_key(id), 'state')}
end
if is_over(r) then return {restored and 'ended' or 'over', r.state} end
if is_running(r) and now < r.lease_until then return {'held', r.worker, whole(r.lease_until - now)} end
if r.state == 'cancelling' then return over('cancelled', ENDINGS.cancelled) end
if now >= r.finish_by then return over('failed', ENDINGS.lost) end
if r.attempt == 0 and now >= r.start_by then return over('expired', ENDINGS.expired) end
if now < r.not_before or r.nonce == nonce then return {'not_yet', whole(r.not_before)} end
local share = sharing_of(r.sharing)
local answer = share and kept_answer(share)
if answer then
  resume(job_key(id), now)
  answer_joined(r, answer)
  return {'over', 'completed'}
end
local until_last_call = r.start_by - LAST_CALL_MS
local other = share and share.oldest > 0 and r.attempt == 0 and now < until_last_call and flown_by(share, id)
if other then
  local first = redis.call('HSETNX', job_key(id), 'joined', other) == 1
  if first then step(id, 'joined', now, redis.call('HGET', job_key(other), 'tenant') == r.tenant and 'job=' .. other or nil) end
  return {'not_yet', whole(math.min(now + (first and 2000 or 10000), until_last_call))}
end
local running = 'sluice:running:' .. r.tenant
local losses, reason = r.losses, r.reason
if r.state == 'in_progress' then
  losses, reason = losses + 1, 'worker_lost'
  step(id, 'lease_lost', r.lease_until, 'worker=' .. one_word(r.worker))
  if losses >= tonumber(ARGV[6]) then
    redis.call('HSET', job_key(id), 'losses', losses)
    return over('failed', ENDINGS.poison)
  end
end

check_move(r, 'in_progress')
if share then take_flight(share, r) end
local attempt = r.attempt + 1
if restored and continued then attempt, reason = math.max(1, r.attempt), 'store_lost' end
local fence = whole(next_fence(r))
redis.call('HSET', job_key(id), 'state', 'in_progress', 'attempt', whole(attempt), 'losses', whole(losses), 'fence', fence,
  'worker', worker, 'nonce', nonce, 'lease_until', whole(now + tonumber(ARGV[5])), 'started', r.started or whole(now))
redis.call('HDEL', job_key(id), 'not_before', 'reason')
resume(job_key(id), now)
starts(r)
local had_place = leave_place(id, r.tenant, true)
local line = redis.call('HMGET', job_key(id), 'where', 'told', 'lane', 'came', 'jobs_before', 'running_max')
if line[2] and attempt == 1 then learn_wait(line[1], line[2], now) end
if redis.call('SADD', running, id) == 1 and line[1] and not had_place then meter(line[1], 'begins', now) end
-- The bound of its tenant counts in a lane of its own.
local function bound()
  if not line[6] or tonumber(line[3]) >= OWN_LANES then return '' end
  local bounded = redis.call('GET', 'sluice:bounded:' .. r.tenant)
  return ' running=' .. redis.call('SCARD', running) .. ' running_max=' .. line[6] .. (bounded and ' bounded=' .. bounded or '')
end
local turn = line[1] and take_turn(line[1], line[3], attempt == 1 and line[4], line[5], now) or ''
step(id, 'started', now, 'attempt=' .. whole(attempt) .. ' worker=' .. one_word(worker) .. turn .. (turn ~= '' and bound() or ''))
redis.call('ZADD', 'sluice:due', whole(r.finish_by), id)
if attempt == 1 and not continued then
  log(id, fence .. '-0', 'start', '{"attempt":1,"reason":"started"}')
else
  log(id, fence .. '-0', 'reset', '{"attempt":' .. whole(attempt) .. ',"reason":"' .. (reason ~= '' and reason or 'retry') .. '"}')
end
keep(r)
wake(id)
return reply('granted', id)
