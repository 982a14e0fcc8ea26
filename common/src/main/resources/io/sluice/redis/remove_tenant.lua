-- Tenants.remove (the key of Redis: tenant.lua)
-- ARGV: 1 name
-- returns {1 if there was a record, else 0}
-- Sent twice, the second says 0: nothing but the answer differs.
local known = redis.call('HGET', 'sluice:tenants', ARGV[1])
if not known or known == '' then return {0} end
redis.call('HSET', 'sluice:tenants', ARGV[1], '')
return {1}
