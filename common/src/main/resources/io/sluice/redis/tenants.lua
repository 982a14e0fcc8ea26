-- Tenants.all (the key of Redis: tenant.lua)
-- returns {json, json, ...}
return redis.call('HVALS', 'sluice:tenants')
