-- Fleet.announce
--   sluice:worker:ID  hash  report (json), seen (ms), wish (json, from its first), models (json, from their first); ends with the life of the last report
--   sluice:workers    zset  ids of workers by the end of their lives (ms); ends with the last of them
-- ARGV: 1 id, 2 report, 3 life ms
-- returns {wish, or ''}
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local worker = 'sluice:worker:' .. ARGV[1]
redis.call('HSET', worker, 'report', ARGV[2], 'seen', string.format('%.0f', now))
redis.call('PEXPIRE', worker, ARGV[3])
redis.call('ZREMRANGEBYSCORE', 'sluice:workers', '-inf', string.format('%.0f', now))
redis.call('ZADD', 'sluice:workers', string.format('%.0f', now + ARGV[3]), ARGV[1])
redis.call('PEXPIREAT', 'sluice:workers', redis.call('ZRANGE', 'sluice:workers', -1, -1, 'WITHSCORES')[2])
return {redis.call('HGET', worker, 'wish') or ''}
