-- JobStore.end: ends a job from outside, whatever holds it.
-- ARGV: 1 id, 2 state, 3 ending as JSON, 4 nonce of the call
-- returns {1 if this call ended it, else 0}
local r = load(ARGV[1])
if not r then epoch(); return {0} end
if is_over(r) then return {r.ended_by == ARGV[4] and 1 or 0} end
close(r, ARGV[2], ARGV[3])
redis.call('HSET', job_key(r.id), 'ended_by', ARGV[4])
return {1}
