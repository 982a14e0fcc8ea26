-- Webhooks.again: what was told, or given up, is owed once more, and what waits for its next try is due now.
-- ARGV: 1 id
-- returns {1 if it is owed now, 0 if the job has no webhook, has not ended or is not there}
local r = load(ARGV[1])
if not r or not r.hook or not is_over(r) then return {0} end
local v = redis.call('HMGET', job_key(r.id), 'hook_state', 'hook_lease')
-- One that is on its way is left to who has it.
if v[1] == 'pending' and v[2] and now < tonumber(v[2]) then return {1} end
redis.call('HSET', job_key(r.id), 'hook_state', 'pending', 'hook_attempts', 0, 'hook_since', whole(now), 'hook_next', whole(now))
redis.call('HDEL', job_key(r.id), 'hook_lease')
owe(r.tenant, r.hook, r.id, now)
keep(r, true, true)
wake(r.id)
return {1}
