-- Directory.keys (the keys of Redis: key.lua)
-- returns {json, revoked ms or nil, json, revoked ms or nil, ...}
local answer = {}
local all = redis.call('HGETALL', 'sluice:keys')
for i = 1, #all, 2 do
  answer[#answer + 1] = all[i + 1]
  answer[#answer + 1] = redis.call('HGET', 'sluice:keys:revoked', all[i])
end
return answer
