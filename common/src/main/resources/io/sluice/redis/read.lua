-- JobEvents.read: events after a position, in order. Bounded in bytes too, after the first.
-- ARGV: 1 id, 2 position FENCE-SEQ, 3 limit, 4 most bytes
-- returns {position, type, data, ...}
local answer, bytes = {}, tonumber(ARGV[4])
for _, entry in ipairs(redis.call('XRANGE', log_key(ARGV[1]), '(' .. ARGV[2], '+', 'COUNT', ARGV[3])) do
  if bytes <= 0 then break end
  local fields = entry[2]
  bytes = bytes - #fields[4]
  answer[#answer + 1] = entry[1]
  answer[#answer + 1] = fields[2]
  answer[#answer + 1] = fields[4]
end
return answer
