-- Admission.admit: idempotency key, bounds, and the record, in one step.
-- ARGV: 1 id, 2 bound per tenant, 3 bound in total, 4.. the job (birth.lua)
-- returns {admitted} | {replayed, record..., job} | {reused, id} | {refused, tenant or total}
-- Sent twice: the second finds its own record, and nothing is counted twice.
local r = unborn(ARGV[1], 4)
if redis.call('EXISTS', job_key(r.id)) == 1 then return {'admitted'} end
local holder, print = holder_of(r)
if holder and print == r.print then return reply_with_job('replayed', holder) end
if holder then return {'reused', holder} end
if redis.call('SCARD', 'sluice:waiting:' .. r.tenant) >= tonumber(ARGV[2]) then return {'refused', 'tenant'} end
if redis.call('SCARD', 'sluice:waiting') >= tonumber(ARGV[3]) then return {'refused', 'total'} end
create(r)
take_place(r)
redis.call('ZADD', 'sluice:unpublished', whole(now), r.id)
return {'admitted'}
