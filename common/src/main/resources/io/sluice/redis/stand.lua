-- Elections.stand
--   sluice:office:NAME  string  who holds it; lives until the end of the term
-- ARGV: 1 office, 2 candidate, 3 term ms
-- returns {1 if the candidate holds it, else 0}
local office = 'sluice:office:' .. ARGV[1]
local holder = redis.call('GET', office)
if holder and holder ~= ARGV[2] then return {0} end
redis.call('SET', office, ARGV[2], 'PX', ARGV[3])
return {1}
