-- WarmSessions.served
--   sluice:warm:at:DIGEST      string  worker and tokens: "TOKENS WORKER"; lives from the last turn on
--   sluice:warm:worker:WORKER  string  lane and expected wait in ms, or nothing: "LANE WAIT"; lives as long as a sign of life counts
--   sluice:warm:lane:LANE      string  the worker that holds it; the same
--   sluice:warm:until:LANE     string  until when a message may wait there (ms); lives until then
-- ARGV: 1 digest of the conversation, 2 worker, 3 tokens, 4 life ms
-- returns {}
redis.call('SET', 'sluice:warm:at:' .. ARGV[1], ARGV[3] .. ' ' .. ARGV[2], 'PX', ARGV[4])
return {}
