-- JobStore.cancel: at once if the job is queued, through its holder if it runs.
-- ARGV: 1 id, 2 nonce of the call
-- returns {cancelled | cancelling | ended, record..., job} | {absent} | {recovering}
-- Sent twice: the nonce tells that it was this call that ended the job.
local r = load(ARGV[1])
if not r then return missing(ARGV[1]) end
if is_over(r) then return reply_with_job(r.ended_by == ARGV[2] and 'cancelled' or 'ended', r.id) end
if r.state == 'queued' then
  redis.call('HSET', job_key(r.id), 'ended_by', ARGV[2])
  close(r, 'cancelled', ENDINGS.cancelled)
  return reply_with_job('cancelled', r.id)
end
if r.state == 'in_progress' then
  check_move(r, 'cancelling')
  r.state = 'cancelling'
  redis.call('HSET', job_key(r.id), 'state', r.state)
  step(r.id, 'cancel_asked', now)
  set_due(r)
  wake(r.id)
end
return reply_with_job('cancelling', r.id)
