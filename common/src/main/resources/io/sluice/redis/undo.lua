-- Admission.undo: the job is certainly not in the queue, so that its admission did not happen.
-- ARGV: 1 id
local r = load(ARGV[1])
if not r or r.published or r.attempt > 0 or r.state ~= 'queued' then return {} end
if redis.call('HEXISTS', job_key(r.id), 'replayed') == 1 then return {} end
give_back(job_key(r.id))
leave_place(r.id, r.tenant)
if r.hook then owe_no_more(r.tenant, r.hook, r.id) end
redis.call('DEL', job_key(r.id), log_key(r.id))
if r.idem ~= '' and string.sub(redis.call('GET', r.idem) or '', 1, #r.id) == r.id then redis.call('DEL', r.idem) end
redis.call('ZREM', 'sluice:unpublished', r.id)
redis.call('ZREM', 'sluice:due', r.id)
redis.call('ZREM', 'sluice:tenant:' .. r.tenant, r.id)
redis.call('ZREM', 'sluice:life', r.id .. ' ' .. r.tenant)
wake(r.id)
return {}
