-- The time since which the store has kept its records. Looked at whenever a lookup misses, so that a wipe is
-- noticed by the first reader of a lost job.
--   sluice:epoch    hash    since, state (recovering, rebuilt)      (owner: Recovery)
--   sluice:walker   string  who rebuilds; lives 10 s
-- Returns since and state. An empty store is recovering until its lanes have been walked.
local function epoch()
  local e = redis.call('HMGET', 'sluice:epoch', 'since', 'state')
  if e[1] then return tonumber(e[1]), e[2] end
  redis.call('HSET', 'sluice:epoch', 'since', whole(now), 'state', 'recovering')
  return now, 'recovering'
end

-- A gateway's clock may be ahead of the server's by this much when it makes an id.
local CLOCK_SKEW_MS = 30 * 1000

-- What is known of an id without a record: absent, or recovering.
local function missing(id)
  local since, state = epoch()
  local created = tonumber(string.sub(id, 5, 16), 16)
  if state == 'recovering' and created < since + CLOCK_SKEW_MS then return {'recovering'} end
  return {'absent'}
end
