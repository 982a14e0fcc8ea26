-- Grants.find: the open grant that a token belongs to, traded or not.
-- ARGV: 1 hash
-- returns {json} | {}
local id = redis.call('HGET', token_key(ARGV[1]), 'grant')
local json = id and open_grant(id)
return json and {json} or {}
