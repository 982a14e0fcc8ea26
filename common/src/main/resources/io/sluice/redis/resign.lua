-- Elections.resign (the key of Redis: stand.lua)
-- ARGV: 1 office, 2 candidate
-- returns {}
local office = 'sluice:office:' .. ARGV[1]
if redis.call('GET', office) == ARGV[2] then redis.call('DEL', office) end
return {}
