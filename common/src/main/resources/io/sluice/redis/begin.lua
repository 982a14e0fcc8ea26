-- Recovery.begin: one walker at a time.
-- ARGV: 1 walker, 2 ms for which it holds the walk
-- returns {since ms of the epoch to rebuild} | {}
local since, state = epoch()
if state ~= 'recovering' then return {} end
local walker = redis.call('GET', 'sluice:walker')
if walker and walker ~= ARGV[1] then return {} end
redis.call('SET', 'sluice:walker', ARGV[1], 'PX', ARGV[2])
return {whole(since)}
