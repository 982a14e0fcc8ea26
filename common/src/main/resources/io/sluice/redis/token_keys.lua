-- TokenKeys.keys
--   sluice:tokenkeys          hash  kid -> the key as JSON              (owner: TokenKeys)
--   sluice:tokenkeys:revoked  hash  kid -> when it was revoked, in ms   (owner: TokenKeys)
--   sluice:tokenkeys:signing  zset  kids of signing keys by the time of their making, in ms
--   sluice:tokenkeys:life     zset  kids by the time of their end, in ms
-- returns {json, revoked ms or nil, json, revoked ms or nil, ...}
local answer = {}
local all = redis.call('HGETALL', 'sluice:tokenkeys')
for i = 1, #all, 2 do
  answer[#answer + 1] = all[i + 1]
  answer[#answer + 1] = redis.call('HGET', 'sluice:tokenkeys:revoked', all[i])
end
return answer
