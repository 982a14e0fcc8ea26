-- Admission.refundUnpublished: gives back the places and charges of records that were never confirmed.
-- ARGV: 1 age ms, 2 most records to look at
-- returns {how many places were given back}
local refunded = 0
for _, id in ipairs(redis.call('ZRANGE', 'sluice:unpublished', '-inf', whole(now - tonumber(ARGV[1])), 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  local tenant = redis.call('HGET', job_key(id), 'tenant')
  -- A job without a place was claimed meanwhile: its message was stored, and its end settles it.
  if tenant and leave_place(id, tenant) then
    refunded = refunded + 1
    suspend(job_key(id))
  end
  redis.call('SREM', 'sluice:waiting', id)
  redis.call('ZREM', 'sluice:unpublished', id)
end
return {refunded}
