-- Which tenant waits in which ready lane of a pool and class: put before record.lua, which uses it.
--   sluice:numbers:POOL/CLASS  hash  "jobs T" how many jobs of a tenant wait there and "lane T" its lane's number, while any
--     does; "all" how many jobs wait; "N" who has or last had a lane of its own. Lives 24 h after the last job left.
--     (owner: whatever moves the job on, as of its waiting place)
-- A lane of one's own is leased while a job waits in it. OWN_LANES is put before this text by the loader.
local function numbers_key(where) return 'sluice:numbers:' .. where end

-- The number that the tenant had last, if nobody else has it; else the lowest that nobody has; nil if there is none.
local function free_number(key, tenant)
  local numbers, leases = {}, {}
  for n = 1, OWN_LANES do numbers[n] = n - 1 end
  local holders = redis.call('HMGET', key, unpack(numbers))
  for n = 1, OWN_LANES do
    if holders[n] == tenant then return n - 1 end
    leases[n] = 'lane ' .. (holders[n] or '')
  end
  leases = redis.call('HMGET', key, unpack(leases))
  for n = 1, OWN_LANES do
    if leases[n] ~= tostring(n - 1) then return n - 1 end
  end
end

-- One more job of the tenant waits; returns the number of its lane.
local function enter_lane(where, tenant, shared)
  local key = numbers_key(where)
  if redis.call('HINCRBY', key, 'all', 1) == 1 then redis.call('PERSIST', key) end
  redis.call('HINCRBY', key, 'jobs ' .. tenant, 1)
  local lane = redis.call('HGET', key, 'lane ' .. tenant)
  if lane then return lane end
  lane = free_number(key, tenant)
  if lane then redis.call('HSET', key, lane, tenant) end
  redis.call('HSET', key, 'lane ' .. tenant, lane or shared)
  return tostring(lane or shared)
end

local function leave_lane(where, tenant)
  local key = numbers_key(where)
  if redis.call('HEXISTS', key, 'jobs ' .. tenant) == 0 then return end
  if redis.call('HINCRBY', key, 'jobs ' .. tenant, -1) <= 0 then redis.call('HDEL', key, 'jobs ' .. tenant, 'lane ' .. tenant) end
  if redis.call('HINCRBY', key, 'all', -1) <= 0 then redis.call('PEXPIRE', key, 24 * 60 * 60 * 1000) end
end
