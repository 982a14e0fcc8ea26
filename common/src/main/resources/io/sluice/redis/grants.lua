-- What the scripts on grants share.
--   sluice:grant:ID         hash    json, expires (ms), idle (ms); gone when it ends
--   sluice:grant:token:HASH hash    grant (id), idle_until (ms); traded (ms), salt and successor once it was traded
--   sluice:denied:ID        string  an access token that ended before its time
-- Each lives until its grant's end, or its token's (owner: Grants).
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function whole(number) return string.format('%.0f', number) end
local function grant_key(id) return 'sluice:grant:' .. id end
local function token_key(hash) return 'sluice:grant:token:' .. hash end

-- The JSON, end and idle time of a grant, or nil if it has ended.
local function open_grant(id)
  local g = redis.call('HMGET', grant_key(id), 'json', 'expires', 'idle')
  if not g[1] or now >= tonumber(g[2]) then return nil end
  return g[1], tonumber(g[2]), tonumber(g[3])
end

local function add_token(hash, id, expires, idle)
  redis.call('HSET', token_key(hash), 'grant', id, 'idle_until', whole(now + idle))
  redis.call('PEXPIREAT', token_key(hash), whole(expires))
end
