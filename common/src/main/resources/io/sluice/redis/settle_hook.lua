-- Webhooks.settle
-- ARGV: 1 id, 2 lease, 3 delivered | failed | retry | not_tried, 4 in how many ms the next try may be, 5 status or '', 6 problem or ''
-- returns {1 if it was written, now or by the same call before, else 0}
local r = load(ARGV[1])
if not r then return {0} end
local v = redis.call('HMGET', job_key(r.id), 'hook_lease', 'hook_settled', 'hook_attempts', 'hook')
if v[2] == ARGV[2] then return {1} end
if v[1] ~= ARGV[2] then return {0} end
local what, attempts, target = ARGV[3], tonumber(v[3]), v[4]
redis.call('HSET', job_key(r.id), 'hook_settled', ARGV[2])
redis.call('HDEL', job_key(r.id), 'hook_lease', 'hook_next')
if what == 'retry' or what == 'not_tried' then
  local at = now + tonumber(ARGV[4])
  redis.call('HSET', job_key(r.id), 'hook_next', whole(at))
  owe(r.tenant, target, r.id, at)
else
  redis.call('HSET', job_key(r.id), 'hook_state', what)
  owe_no_more(r.tenant, target, r.id)
  keep(r, true)
end
if what == 'not_tried' then
  redis.call('HSET', job_key(r.id), 'hook_attempts', whole(attempts - 1))
  return {1}
end
redis.call('HDEL', job_key(r.id), 'hook_status', 'hook_problem')
if ARGV[5] ~= '' then redis.call('HSET', job_key(r.id), 'hook_status', ARGV[5]) end
if ARGV[6] ~= '' then redis.call('HSET', job_key(r.id), 'hook_problem', ARGV[6]) end
step(r.id, 'webhook_tried', now, 'attempt=' .. whole(attempts) .. ' status=' .. ARGV[5] .. ' problem=' .. one_word(ARGV[6]))
wake(r.id)
return {1}
