-- Grants.holds
-- ARGV: 1 id of the grant, 2 id of the access token
-- returns {1 or 0}
return {open_grant(ARGV[1]) and redis.call('EXISTS', 'sluice:denied:' .. ARGV[2]) == 0 and 1 or 0}
