-- WarmLanes.present (the keys of Redis: warm_served.lua)
-- ARGV: 1 worker, 2 expected wait ms or '', 3 life of a sign ms, 4 number of lanes
-- returns {lane, 1 if something may wait there} | {}
local key = 'sluice:warm:worker:' .. ARGV[1]
local function take(lane)
  local held = 'sluice:warm:lane:' .. lane
  local holder = redis.call('GET', held)
  if holder and holder ~= ARGV[1] then return false end
  redis.call('SET', held, ARGV[1], 'PX', ARGV[3])
  redis.call('SET', key, lane .. ' ' .. ARGV[2], 'PX', ARGV[3])
  return {lane, redis.call('EXISTS', 'sluice:warm:until:' .. lane)}
end
local mine = redis.call('GET', key)
local answer = mine and take(string.match(mine, '^(%d+) '))
if answer then return answer end
for lane = 0, ARGV[4] - 1 do
  answer = take(string.format('%d', lane))
  if answer then return answer end
end
redis.call('DEL', key)
return {}
