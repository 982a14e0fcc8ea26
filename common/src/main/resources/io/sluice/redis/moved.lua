-- The sweep of watched jobs: what a job's log and state look like now, to be compared with the last look.
-- ARGV: ids
-- returns {mark, ...}
local marks = {}
for i, id in ipairs(ARGV) do
  local last = redis.call('XREVRANGE', log_key(id), '+', '-', 'COUNT', 1)[1]
  local v = redis.call('HMGET', job_key(id), 'state', 'fence', 'published')
  marks[i] = (last and last[1] or '') .. ' ' .. (v[1] or '') .. ' ' .. (v[2] or '') .. ' ' .. (v[3] or '')
end
return marks
