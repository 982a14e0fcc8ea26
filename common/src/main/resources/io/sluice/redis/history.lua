-- JobHistory.steps. The lines are those of StepCodec.
-- ARGV: 1 id, 2 the tenant whose it must be or ''
-- returns {lines} | {}
local v = redis.call('HMGET', job_key(ARGV[1]), 'tenant', 'steps')
if not v[1] or (ARGV[2] ~= '' and ARGV[2] ~= v[1]) then return {} end
return {v[2] or ''}
