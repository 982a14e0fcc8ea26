-- Backlog.look
-- ARGV: 1 pool, 2 interactive, 3 batch: the names of the classes
-- returns {now ms, pressure, the fields of the meter, and of each class: median, ninety, seen, how many lanes, of each lane
--   number, weight, jobs, tokens, gone_jobs, gone_tokens, inflow, inflow_at, how many leases, of each lease tenant, number}
local FIELDS = {'weight', 'jobs', 'tokens', 'gone_jobs', 'gone_tokens', 'inflow', 'inflow_at'}
local answer = {whole(now)}
local function add(value) answer[#answer + 1] = value end

local load = redis.call('HMGET', 'sluice:load:' .. ARGV[1], 'pressure', 'stepped')
add(load[1] and now - load[2] < 60000 and load[1] or '0')
local state = redis.call('HMGET', pace_key(ARGV[1]), unpack(METER))
for i = 1, #METER do add(state[i] or '0') end

local function add_lanes(where)
  local all, lanes = redis.call('HGETALL', queues_key(where)), {}
  for i = 1, #all, 2 do
    local number, field = string.match(all[i], '^(%d+) (.*)$')
    if not lanes[number] then
      lanes[number] = {}
      lanes[#lanes + 1] = number
    end
    lanes[number][field] = all[i + 1]
  end
  add(whole(#lanes))
  for _, number in ipairs(lanes) do
    add(number)
    for _, field in ipairs(FIELDS) do add(lanes[number][field] or '0') end
  end
end

local function add_leases(where)
  local numbers, tenants, lanes = {}, {}, {}
  for n = 1, OWN_LANES do numbers[n] = n - 1 end
  local holders = redis.call('HMGET', numbers_key(where), unpack(numbers))
  for n = 1, OWN_LANES do lanes[n] = 'lane ' .. (holders[n] or '') end
  lanes = redis.call('HMGET', numbers_key(where), unpack(lanes))
  for n = 1, OWN_LANES do
    if holders[n] and lanes[n] == tostring(n - 1) then
      tenants[#tenants + 1] = holders[n]
      tenants[#tenants + 1] = lanes[n]
    end
  end
  add(whole(#tenants / 2))
  for _, value in ipairs(tenants) do add(value) end
end

for i = 2, 3 do
  local where = ARGV[1] .. '/' .. ARGV[i]
  local median, ninety, seen = odds_of(where)
  add(exact(median))
  add(exact(ninety))
  add(exact(seen))
  add_lanes(where)
  add_leases(where)
end
return answer
