-- Directory.keys (the keys of Redis: key.lua)
-- returns {json, revoked ms or nil, last use or nil, ...}
local answer = {}
local n = 0
local all = redis.call('HGETALL', 'sluice:keys')
for i = 1, #all, 2 do
  answer[n + 1] = all[i + 1]
  answer[n + 2] = redis.call('HGET', 'sluice:keys:revoked', all[i])
  answer[n + 3] = redis.call('HGET', 'sluice:keys:used', all[i])
  n = n + 3
end
return answer
