-- WarmLanes.handed
--   sluice:warm  channel  the worker to which something was handed
-- ARGV: 1 worker
-- returns {}
redis.call('PUBLISH', 'sluice:warm', ARGV[1])
return {}
