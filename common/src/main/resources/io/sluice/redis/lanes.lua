-- What the scripts on lanes share.
--   sluice:lanes:due:POOL     zset    labels by the time from which they may be pulled (ms)
--   sluice:lanes:served:POOL  zset    labels by the stamp of their last turn
--   sluice:lanes:marks:POOL   hash    LABEL:offered, LABEL:cooled (stamps), LABEL:level (times cooled in a row)
--   sluice:lanes:stamp        string  the last stamp
--   sluice:lanes              channel pools in which something was offered
-- They are as many as there are lanes, and are made anew when lost (owner: LaneOrder).
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function whole(number) return string.format('%.0f', number) end
local function due_key(pool) return 'sluice:lanes:due:' .. pool end
local function served_key(pool) return 'sluice:lanes:served:' .. pool end
local function marks_key(pool) return 'sluice:lanes:marks:' .. pool end

-- Grows with every call, and with the clock, so that it goes on growing after a wipe.
local function next_stamp()
  local last = tonumber(redis.call('GET', 'sluice:lanes:stamp') or 0)
  local stamp = whole(math.max(last + 1, clock[1] * 1000000 + clock[2]))
  redis.call('SET', 'sluice:lanes:stamp', stamp)
  return stamp
end
