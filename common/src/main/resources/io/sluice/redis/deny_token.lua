-- Grants.deny
-- ARGV: 1 id of the access token, 2 when it would have expired, ms
-- returns {}
if tonumber(ARGV[2]) > now then redis.call('SET', 'sluice:denied:' .. ARGV[1], '1', 'PXAT', ARGV[2]) end
return {}
