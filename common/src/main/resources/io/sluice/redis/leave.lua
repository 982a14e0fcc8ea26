-- Fleet.leave (the keys of Redis: announce.lua)
-- ARGV: 1 id
-- returns {}
redis.call('DEL', 'sluice:worker:' .. ARGV[1])
redis.call('ZREM', 'sluice:workers', ARGV[1])
return {}
