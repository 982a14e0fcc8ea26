-- What is owed to webhooks, served in turn by tenant, then by target, then by time: put before record.lua, which uses it. A
-- tenant's name has no blank, so that no two of these are one key.
--   sluice:hooks             zset  tenants by when something of theirs is due
--   sluice:hooks:T           zset  targets of a tenant by the same
--   sluice:hooks:T TARGET    zset  ids of jobs by when they are due; those on their way by the end of their lease
-- The fields hook (the target), hook_state, hook_attempts, hook_status, hook_problem, hook_next, hook_since, hook_lease and
-- hook_settled of a record. (owner: whoever ends the job; take_hooks drops what is not owed)
local HOOK_KEEP_MS = 72 * 60 * 60 * 1000
local function hooks_of(tenant) return 'sluice:hooks:' .. tenant end
local function hooks_at(tenant, target) return 'sluice:hooks:' .. tenant .. ' ' .. target end

-- A member of a set is due when the first of its own set is, and not before a time; without any it leaves.
local function hook_next(set, member, own, earliest)
  local first = redis.call('ZRANGE', own, 0, 0, 'WITHSCORES')
  if not first[1] then redis.call('ZREM', set, member) return end
  redis.call('ZADD', set, string.format('%.0f', math.max(tonumber(first[2]), earliest)), member)
end

-- A tenant or target may be looked at too early, which take_hooks mends, and never too late.
local function owe(tenant, target, id, at)
  at = string.format('%.0f', at)
  redis.call('ZADD', hooks_at(tenant, target), at, id)
  redis.call('ZADD', hooks_of(tenant), 'LT', at, target)
  redis.call('ZADD', 'sluice:hooks', 'LT', at, tenant)
end

local function owe_no_more(tenant, target, id)
  redis.call('ZREM', hooks_at(tenant, target), id)
  if redis.call('EXISTS', hooks_at(tenant, target)) == 0 then redis.call('ZREM', hooks_of(tenant), target) end
  if redis.call('EXISTS', hooks_of(tenant)) == 0 then redis.call('ZREM', 'sluice:hooks', tenant) end
end
