-- JobStore.sweep: ends what nobody else will, and forgets records past their life.
-- ARGV: 1 most jobs to look at
-- returns {id, state, saved tokens, ...} of what was ended, and of what was answered before by other scripts
local ended = {}
local function over(r, state, ending)
  close(r, state, ending)
  ended[#ended + 1] = r.id
  ended[#ended + 1] = state
  ended[#ended + 1] = '0'
end
for _, id in ipairs(redis.call('ZRANGE', 'sluice:due', '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local r = load(id)
  if not r or is_over(r) then
    redis.call('ZREM', 'sluice:due', id)
  elseif r.state == 'queued' and r.attempt == 0 and now >= r.start_by then
    over(r, 'expired', ENDINGS.expired)
  elseif r.state == 'cancelling' and (now >= r.lease_until or now >= r.finish_by) then
    over(r, 'cancelled', ENDINGS.cancelled)
  elseif now >= r.finish_by then
    over(r, 'failed', ENDINGS.lost)
  else
    set_due(r)
  end
end
for _, member in ipairs(redis.call('ZRANGE', 'sluice:life', '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, ARGV[1])) do
  local id, tenant = string.match(member, '^(%S+) (.*)$')
  local r = load(id)
  -- What has not ended is ended first, above, and lives on from there.
  if not r or is_over(r) then
    leave_place(id, tenant)
    redis.call('SREM', 'sluice:running:' .. tenant, id)
    redis.call('DEL', job_key(id), log_key(id))
    redis.call('ZREM', 'sluice:unpublished', id)
    redis.call('ZREM', 'sluice:due', id)
    redis.call('ZREM', 'sluice:tenant:' .. tenant, id)
    redis.call('ZREM', 'sluice:life', member)
  end
end
for _, told in ipairs(redis.call('LRANGE', 'sluice:answered', 0, ARGV[1] - 1)) do
  local id, tokens = string.match(told, '^(%S+) (%d+)$')
  ended[#ended + 1] = id
  ended[#ended + 1] = 'completed'
  ended[#ended + 1] = tokens
end
redis.call('LTRIM', 'sluice:answered', ARGV[1], -1)
return ended
