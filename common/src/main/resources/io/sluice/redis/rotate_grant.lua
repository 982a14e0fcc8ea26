-- Grants.rotate: consumes a token and adds its successor, in one step.
-- ARGV: 1 hash, 2 salt, 3 hash of the successor, 4 grace ms, 5 most tokens of a grant
-- returns {rotated, json} | {repeated, json, salt} | {reused, json} | {refused}
-- Sent twice: the second finds its own salt.
local t = redis.call('HMGET', token_key(ARGV[1]), 'grant', 'idle_until', 'traded', 'salt', 'successor')
if not t[1] then return {'refused'} end
local json, expires, idle = open_grant(t[1])
if not json then return {'refused'} end
if not t[3] then
  if now >= tonumber(t[2]) then return {'refused'} end
  redis.call('HSET', token_key(ARGV[1]), 'traded', whole(now), 'salt', ARGV[2], 'successor', ARGV[3])
  add_token(ARGV[3], t[1], expires, idle, ARGV[5])
  return {'rotated', json}
end
if t[4] == ARGV[2] then return {'rotated', json} end
local unused = redis.call('HEXISTS', token_key(t[5]), 'traded') == 0
if unused and now < tonumber(t[3]) + tonumber(ARGV[4]) then return {'repeated', json, t[4]} end
end_grant(t[1], cjson.decode(json).key)
return {'reused', json}
