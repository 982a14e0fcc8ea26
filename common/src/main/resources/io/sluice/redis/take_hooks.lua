-- Webhooks.take
-- ARGV: 1 most, 2 lease ms, 3 most of a tenant, 4 most of a target, 5.. "T" or "T TARGET" and how many of it the caller has in
--       hand
-- returns {id, tenant, target, lease, ...}
-- Sent twice, the second takes others; those of the first come again when their lease is over.
local most, of_tenant, of_target = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local lease = whole(now + tonumber(ARGV[2]))
-- A job that has not ended though its time is up is looked at again after this.
local NOT_OVER_MS = 10000
local held, names, taken = {}, 0, {}
for i = 5, #ARGV, 2 do held[ARGV[i]], names = tonumber(ARGV[i + 1]), names + 1 end

local function due(set, count) return redis.call('ZRANGE', set, '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, count) end
local function take(tenant, target, id)
  local v = redis.call('HMGET', job_key(id), 'state', 'hook_state', 'hook_attempts')
  if not v[1] or v[2] ~= 'pending' then
    redis.call('ZREM', hooks_at(tenant, target), id)
    return false
  end
  if MOVES[v[1]] then
    redis.call('ZADD', hooks_at(tenant, target), whole(now + NOT_OVER_MS), id)
    return false
  end
  redis.call('ZADD', hooks_at(tenant, target), lease, id)
  redis.call('HSET', job_key(id), 'hook_lease', lease, 'hook_attempts', tonumber(v[3] or 0) + 1, 'hook_next', lease)
  for _, value in ipairs({id, tenant, target, lease}) do taken[#taken + 1] = value end
  return true
end

for _, tenant in ipairs(due('sluice:hooks', most + names)) do
  local room = math.min(of_tenant - (held[tenant] or 0), most - #taken / 4)
  if room > 0 then
    -- Who is served goes behind all that were due before.
    local first = #taken
    for _, target in ipairs(due(hooks_of(tenant), room + names)) do
      local free = math.min(of_target - (held[tenant .. ' ' .. target] or 0), room)
      if free > 0 then
        local before = #taken
        for _, id in ipairs(due(hooks_at(tenant, target), free)) do
          if take(tenant, target, id) then room = room - 1 end
        end
        hook_next(hooks_of(tenant), target, hooks_at(tenant, target), #taken > before and now + 1 or 0)
      end
    end
    hook_next('sluice:hooks', tenant, hooks_of(tenant), #taken > first and now + 1 or 0)
  end
end
return taken
