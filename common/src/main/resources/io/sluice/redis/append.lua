-- JobEvents.append: one call per flush, one flush per job at a time.
-- ARGV: 1 id, 2 fence, 3 number of the first event, 4.. type and data of each
-- returns {stored} | {cancelling} | {fenced} | {gone}
-- Sent twice: the stream refuses positions that it has; every other refusal is an error (a full store, say).
local v = redis.call('HMGET', job_key(ARGV[1]), 'state', 'fence')
if not v[1] then epoch(); return {'gone'} end
if v[2] ~= ARGV[2] or not is_running({state = v[1]}) then return {'fenced'} end
local seq = tonumber(ARGV[3])
for i = 4, #ARGV, 2 do
  local stored = redis.pcall('XADD', log_key(ARGV[1]), 'MAXLEN', '~', LOG_EVENTS_MAX, ARGV[2] .. '-' .. whole(seq), 'type', ARGV[i], 'data', ARGV[i + 1])
  if type(stored) == 'table' and stored.err and not string.find(stored.err, 'equal or smaller', 1, true) then return stored end
  seq = seq + 1
end
wake(ARGV[1])
return {v[1] == 'cancelling' and 'cancelling' or 'stored'}
