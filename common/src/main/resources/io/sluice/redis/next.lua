-- LaneOrder.next: the due lane that comes first: retry lanes, then the longest unserved, interactive where both are new.
-- ARGV: for each pool its name, the number of its labels, and the labels
-- returns {label, stamp} | {}
local function comes_before(a, b)
  if not b or a.retry ~= b.retry then return not b or a.retry end
  if a.served ~= b.served then return a.served < b.served end
  return a.interactive and not b.interactive
end
local best
local i = 1
while i <= #ARGV do
  local pool, labels = ARGV[i], tonumber(ARGV[i + 1])
  if redis.call('EXISTS', due_key(pool)) == 0 then
    for l = i + 2, i + 1 + labels do redis.call('ZADD', due_key(pool), 0, ARGV[l]) end
  end
  for _, label in ipairs(redis.call('ZRANGE', due_key(pool), '-inf', whole(now), 'BYSCORE')) do
    local lane = {
      pool = pool, label = label, retry = string.sub(label, 1, 6) == 'retry/',
      served = tonumber(redis.call('ZSCORE', served_key(pool), label) or 0),
      interactive = string.find(label, '/interactive', 1, true) ~= nil,
    }
    if comes_before(lane, best) then best = lane end
  end
  i = i + 2 + labels
end
if not best then return {} end
local stamp = next_stamp()
redis.call('ZADD', served_key(best.pool), stamp, best.label)
return {best.label, stamp}
