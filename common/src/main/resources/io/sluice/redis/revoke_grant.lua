-- Grants.revoke: ends the grant that a token belongs to.
-- ARGV: 1 hash
-- returns {json} | {}
local id = redis.call('HGET', token_key(ARGV[1]), 'grant')
local json = id and open_grant(id)
if not json then return {} end
end_grant(id, cjson.decode(json).key)
return {json}
