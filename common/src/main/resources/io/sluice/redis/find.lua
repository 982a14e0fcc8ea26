-- JobStore.find
-- ARGV: 1 id, 2 the tenant whose it must be or ''
-- returns {found, record..., job} | {absent} | {recovering}
local tenant = redis.call('HGET', job_key(ARGV[1]), 'tenant')
if tenant and (ARGV[2] == '' or ARGV[2] == tenant) then return reply_with_job('found', ARGV[1]) end
return missing(ARGV[1])
