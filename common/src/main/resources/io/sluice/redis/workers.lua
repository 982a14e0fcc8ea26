-- Fleet.all (the keys of Redis: announce.lua)
-- returns {{report, seen ms, wish or '', models or '[]'}, ...}
local found = {}
for _, id in ipairs(redis.call('ZRANGE', 'sluice:workers', 0, -1)) do
  local v = redis.call('HMGET', 'sluice:worker:' .. id, 'report', 'seen', 'wish', 'models')
  if v[1] then found[#found + 1] = {v[1], v[2], v[3] or '', v[4] or '[]'} end
end
return found
