-- Tenants.find
--   sluice:tenants  hash  name -> the tenant as JSON, '' where it was removed   (owner: Tenants)
-- ARGV: 1 name
-- returns {json, '' or nil}
return {redis.call('HGET', 'sluice:tenants', ARGV[1])}
