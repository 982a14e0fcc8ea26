-- JobStore.list: a page of a tenant's jobs, newest first. Looks at a bounded number of records and bytes.
-- ARGV: 1 tenant, 2 state or '', 3 id to begin after or '', 4 limit, 5 most records to look at, 6 most bytes of jobs
-- returns {next id or '', {id, record..., job}...}
local list = 'sluice:tenant:' .. ARGV[1]
local first = ARGV[3] == '' and '+' or '(' .. ARGV[3]
local limit, looks, bytes = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local ids = redis.call('ZRANGE', list, first, '-', 'BYLEX', 'REV', 'LIMIT', 0, looks + 1)
local answer, last = {''}, 0
for i = 1, math.min(#ids, looks) do
  if #answer > limit or bytes < 0 then break end
  last = i
  local state = redis.call('HGET', job_key(ids[i]), 'state')
  if state and (ARGV[2] == '' or ARGV[2] == state) then
    answer[#answer + 1] = reply_with_job(ids[i], ids[i])
    bytes = bytes - redis.call('HSTRLEN', job_key(ids[i]), 'job') - redis.call('HSTRLEN', job_key(ids[i]), 'ending')
  end
end
if last > 0 and last < #ids then answer[1] = ids[last] end
return answer
