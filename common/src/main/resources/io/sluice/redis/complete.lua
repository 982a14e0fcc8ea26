-- Recovery.complete: absent jobs are absent from now on. Ignored for an epoch that a further wipe has ended.
-- ARGV: 1 since ms
local since = epoch()
if whole(since) ~= ARGV[1] then return {} end
redis.call('HSET', 'sluice:epoch', 'state', 'rebuilt')
redis.call('DEL', 'sluice:walker')
return {}
