-- Recovery.restore: a record from its message unless there is one.
-- ARGV: 1 id, 2 attempt of the message, 3.. the job (birth.lua)
if redis.call('EXISTS', job_key(ARGV[1])) == 1 then return {} end
epoch()
local r = unborn(ARGV[1], 3)
restore(r, tonumber(ARGV[2]))
if r.state == 'queued' and r.attempt == 0 then take_place(r) end
wake(r.id)
return {}
