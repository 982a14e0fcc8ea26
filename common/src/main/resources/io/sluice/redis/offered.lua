-- LaneOrder.offered: the lane is due now.
-- ARGV: 1 pool, 2 label, 3.. all labels of the pool
if redis.call('EXISTS', due_key(ARGV[1])) == 0 then
  for i = 3, #ARGV do redis.call('ZADD', due_key(ARGV[1]), 0, ARGV[i]) end
end
redis.call('ZADD', due_key(ARGV[1]), 0, ARGV[2])
redis.call('HSET', marks_key(ARGV[1]), ARGV[2] .. ':offered', next_stamp(), ARGV[2] .. ':level', 0)
redis.call('PUBLISH', 'sluice:lanes', ARGV[1])
return {}
