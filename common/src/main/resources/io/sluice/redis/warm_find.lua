-- WarmSessions.find (the keys of Redis: warm_served.lua)
-- ARGV: 1 digest of the conversation
-- returns {worker, lane, tokens, expected wait ms or ''} | {}
local at = redis.call('GET', 'sluice:warm:at:' .. ARGV[1])
if not at then return {} end
local tokens, worker = string.match(at, '^(%d+) (.*)$')
local host = redis.call('GET', 'sluice:warm:worker:' .. worker)
if not host then return {} end
local lane, wait = string.match(host, '^(%d+) (%d*)$')
if redis.call('GET', 'sluice:warm:lane:' .. lane) ~= worker then return {} end
return {worker, lane, tokens, wait}
