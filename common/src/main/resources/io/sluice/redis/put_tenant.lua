-- Tenants.put (the key of Redis: tenant.lua)
-- ARGV: 1 name, 2 json, 3 1 if only where nothing is known
-- returns {}
if ARGV[3] == '1' then
  redis.call('HSETNX', 'sluice:tenants', ARGV[1], ARGV[2])
else
  redis.call('HSET', 'sluice:tenants', ARGV[1], ARGV[2])
end
return {}
