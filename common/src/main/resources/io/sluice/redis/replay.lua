-- Admission.replay: what becomes of a job whose idempotency key is held, as admit has it.
-- ARGV: 1 id, 2.. the job (birth.lua)
-- returns {replayed, record..., job} | {reused, id} | {}
local r = unborn(ARGV[1], 2)
local holder, print = holder_of(r)
if not holder then return {} end
if print ~= r.print then return {'reused', holder} end
-- Who asks may publish it: from here on no undo, however late, takes it away.
if redis.call('HGET', job_key(holder), 'published') == '0' then redis.call('HSET', job_key(holder), 'replayed', 1) end
return reply_with_job('replayed', holder)
