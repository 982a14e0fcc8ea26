-- JobStore.find
-- ARGV: 1 id
-- returns {found, record..., job} | {absent} | {recovering}
if redis.call('EXISTS', job_key(ARGV[1])) == 1 then return reply_with_job('found', ARGV[1]) end
return missing(ARGV[1])
