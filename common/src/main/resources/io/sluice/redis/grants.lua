-- What the scripts on grants share.
--   sluice:grant:ID         hash    json, expires (ms), idle (ms); gone when it ends
--   sluice:grant:token:HASH hash    grant (id), idle_until (ms); traded (ms), salt and successor once it was traded
--   sluice:denied:ID        string  an access token that ended before its time
--   sluice:grants:KEY       zset    the grants of an API key that were opened and not ended by hand, by when (ms)
--   sluice:grants:tokens:ID list    hashes of the grant's tokens, oldest first
-- Each lives until its grant's end, or its token's (owner: Grants).
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function whole(number) return string.format('%.0f', number) end
local function grant_key(id) return 'sluice:grant:' .. id end
local function token_key(hash) return 'sluice:grant:token:' .. hash end
local function tokens_of(id) return 'sluice:grants:tokens:' .. id end
local function grants_of(key) return 'sluice:grants:' .. key end

-- The JSON, end and idle time of a grant, or nil if it has ended.
local function open_grant(id)
  local g = redis.call('HMGET', grant_key(id), 'json', 'expires', 'idle')
  if not g[1] or now >= tonumber(g[2]) then return nil end
  return g[1], tonumber(g[2]), tonumber(g[3])
end

-- Of the tokens before it, the latest are known still.
local function add_token(hash, id, expires, idle, max)
  redis.call('HSET', token_key(hash), 'grant', id, 'idle_until', whole(now + idle))
  redis.call('PEXPIREAT', token_key(hash), whole(expires))
  if redis.call('RPUSH', tokens_of(id), hash) > tonumber(max) then
    redis.call('DEL', token_key(redis.call('LPOP', tokens_of(id))))
  end
  redis.call('PEXPIREAT', tokens_of(id), whole(expires))
end

local function end_grant(id, key)
  for _, hash in ipairs(redis.call('LRANGE', tokens_of(id), 0, -1)) do redis.call('DEL', token_key(hash)) end
  redis.call('DEL', grant_key(id), tokens_of(id))
  redis.call('ZREM', grants_of(key), id)
end
