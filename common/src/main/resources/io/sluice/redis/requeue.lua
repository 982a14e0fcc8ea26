-- Leases.requeue: the holder gives the job up for another attempt. A cancelling job ends here instead.
-- ARGV: 1 id, 2 fence, 3 not before ms, 4 blame (job, suspect, infrastructure), 5 code of the failure
-- returns {written} | {fenced} | {gone}
-- Sent twice: the second finds that this fence gave the job up.
local r = load(ARGV[1])
if not r then epoch(); return {'gone'} end
if r.requeued == ARGV[2] then return {'written'} end
if whole(r.fence) ~= ARGV[2] or not is_running(r) then return {'fenced'} end
redis.call('HSET', job_key(r.id), 'requeued', ARGV[2])
if r.state == 'cancelling' then
  close(r, 'cancelled', ENDINGS.cancelled)
  return {'written'}
end
check_move(r, 'queued')
if ARGV[4] == 'job' then r.failures = r.failures + 1 end
if ARGV[4] == 'suspect' then r.losses = r.losses + 1 end
-- The nonce stays: a late copy of the claim that it came with must not be granted again.
redis.call('HSET', job_key(r.id), 'state', 'queued', 'fence', whole(next_fence(r)), 'not_before', ARGV[3], 'reason', ARGV[5],
  'failures', whole(r.failures), 'losses', whole(r.losses))
step(r.id, 'failed', now, 'code=' .. ARGV[5] .. ' not_before=' .. ARGV[3])
redis.call('HDEL', job_key(r.id), 'worker', 'lease_until')
leave_slot(r.id, r.tenant)
wake(r.id)
return {'written'}
