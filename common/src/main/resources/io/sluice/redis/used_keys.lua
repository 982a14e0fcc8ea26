-- Directory.used
--   sluice:keys:used  hash  key id -> "MS ADDRESS" of its last use   (owner: Directory)
-- ARGV: key id, ms, address; again and again
-- returns {}
for i = 1, #ARGV, 3 do
  if redis.call('HEXISTS', 'sluice:keys', ARGV[i]) == 1 then
    local last = redis.call('HGET', 'sluice:keys:used', ARGV[i])
    if not last or tonumber(string.match(last, '^%d+')) <= tonumber(ARGV[i + 1]) then
      redis.call('HSET', 'sluice:keys:used', ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2])
    end
  end
end
return {}
