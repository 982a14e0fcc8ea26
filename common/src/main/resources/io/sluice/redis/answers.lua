-- Answers that identical jobs share: put behind record.lua, which it uses. A job that shares has the field sharing of its record:
-- "KEY OLDEST AGE ENTRIES BYTES" (SharingCodec). A leader is whoever was granted a claim first; there is no other office.
--   sluice:answer:KEY    hash    ending, id and tenant of its job, its tokens, at; lives AGE
--   sluice:answers       zset    KEY by when its answer ends                             (lives as long as the last of them)
--   sluice:answer_bytes  hash    KEY -> what it takes, and the sum                       (the same)
--   sluice:flight:KEY    string  id of the job that runs for all with that key, or apart (lives until that job's finish_by; apart ten minutes)
--   sluice:flying:KEY    set     ids that wait for that answer, those among them that ended meanwhile (lives until the last one's start_by)
--   sluice:answered      list    "ID TOKENS" of what was answered and no sweep has told; at most 10,000, lives a day
local FLIGHT_BYTES_MAX = 4 * 1024 * 1024
local TOLD_MAX = 10000
-- What is found to be too much at once, and goes with the next answers.
local EVICTED_MAX = 1000
-- Every one has an end, so a text is never sent as one line of megabytes.
local PIECE_BYTES = 16 * 1024

-- Nil where there is none, or it has a form that this program does not know.
local function sharing_of(text)
  local key, oldest, age, entries, bytes = string.match(text or '', '^(%x+) (%d+) (%d+) (%d+) (%d+)$')
  if not key then return nil end
  return {key = key, oldest = tonumber(oldest), age = tonumber(age), entries = tonumber(entries), bytes = tonumber(bytes)}
end

local function answer_key(key) return 'sluice:answer:' .. key end
local function flight_key(key) return 'sluice:flight:' .. key end
local function flying_key(key) return 'sluice:flying:' .. key end

local function kept_answer(s)
  if s.oldest == 0 then return nil end
  local v = redis.call('HMGET', answer_key(s.key), 'ending', 'id', 'tenant', 'tokens', 'at')
  if not v[1] or tonumber(v[5]) < now - s.oldest then return nil end
  return {ending = v[1], id = v[2], tenant = v[3], tokens = v[4]}
end

local function forget_answer(key)
  redis.call('DEL', answer_key(key))
  redis.call('ZREM', 'sluice:answers', key)
  local bytes = redis.call('HGET', 'sluice:answer_bytes', key)
  if not bytes then return end
  redis.call('HDEL', 'sluice:answer_bytes', key)
  redis.call('HINCRBY', 'sluice:answer_bytes', 'sum', -bytes)
end

local function last_longer(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, whole(ms)) end
end

local function keep_answer(s, r, ending, tokens)
  local bytes = #ending + ANSWER_OVERHEAD
  if #ending > ANSWER_BYTES_MAX or bytes > s.bytes then return end
  forget_answer(s.key)
  for _, key in ipairs(redis.call('ZRANGE', 'sluice:answers', '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, EVICTED_MAX)) do forget_answer(key) end
  redis.call('HSET', answer_key(s.key), 'ending', ending, 'id', r.id, 'tenant', r.tenant, 'tokens', tokens, 'at', whole(now))
  redis.call('PEXPIRE', answer_key(s.key), whole(s.age))
  redis.call('ZADD', 'sluice:answers', whole(now + s.age), s.key)
  redis.call('HSET', 'sluice:answer_bytes', s.key, whole(bytes))
  local sum = redis.call('HINCRBY', 'sluice:answer_bytes', 'sum', whole(bytes))
  for _ = 1, EVICTED_MAX do
    if sum <= s.bytes and redis.call('ZCARD', 'sluice:answers') <= s.entries then break end
    forget_answer(redis.call('ZRANGE', 'sluice:answers', 0, 0)[1])
    sum = tonumber(redis.call('HGET', 'sluice:answer_bytes', 'sum'))
  end
  last_longer('sluice:answers', s.age)
  last_longer('sluice:answer_bytes', s.age)
end

-- A text in pieces that end between characters.
local function each_piece(text, tell)
  local from = 1
  while from <= #text do
    local to = math.min(#text, from + PIECE_BYTES - 1)
    while to < #text and to > from do
      local next_byte = string.byte(text, to + 1)
      if next_byte < 0x80 or next_byte > 0xbf then break end
      to = to - 1
    end
    tell(string.sub(text, from, to))
    from = to + 1
  end
end

-- As they were written, since numbers would lose digits here. No quotation mark inside of a text is without a backslash, so that this
-- finds nothing but the field that EndingCodec writes last of the output.
local function probabilities_of(ending)
  local _, before = string.find(ending, ',"logprobs":[', 1, true)
  local after = before and string.find(ending, ']},"usage":{', before, true)
  return after and string.sub(ending, before, after)
end

-- Completes a job that does not run with another one's answer; its readers get the whole text. It is charged no tokens, unless it ran before.
local function answer_with(r, answer, how)
  local fence, seq = next_fence(r), 0
  local function write(kind, data)
    log(r.id, whole(fence) .. '-' .. seq, kind, data)
    seq = seq + 1
  end
  write(r.attempt == 0 and 'start' or 'reset', '{"attempt":' .. whole(r.attempt) .. ',"reason":"answered"}')
  -- What cannot be read here is still in the record, whole.
  local read, ending = pcall(cjson.decode, answer.ending)
  local output = read and type(ending.output) == 'table' and ending.output or {}
  each_piece(output.thinking or '', function(piece) write('thinking', cjson.encode({text = piece})) end)
  local probabilities = probabilities_of(answer.ending)
  each_piece(output.text or '', function(piece)
    write('token', '{"text":' .. cjson.encode(piece) .. (probabilities and ',"logprobs":' .. probabilities or '') .. '}')
    probabilities = nil
  end)
  if probabilities then write('token', '{"text":"","logprobs":' .. probabilities .. '}') end
  for _, call in ipairs(output.tool_calls or {}) do write('tool_call', call) end
  if r.state == 'queued' then
    check_move(r, 'in_progress')
    r.state = 'in_progress'
  end
  local source = answer.tenant == r.tenant and ' ' .. answer.id or ''
  redis.call('HSET', job_key(r.id), 'cached', how .. source, 'started', r.started or whole(now))
  step(r.id, 'answered', now, 'how=' .. how .. (source ~= '' and ' job=' .. answer.id or ''))
  close(r, 'completed', answer.ending, fence, r.attempt == 0 and 0 or nil)
end

-- A sweep tells of it later.
local function answer_joined(r, answer)
  answer_with(r, answer, 'joined')
  redis.call('RPUSH', 'sluice:answered', r.id .. ' ' .. answer.tokens)
  redis.call('LTRIM', 'sluice:answered', -TOLD_MAX, -1)
  redis.call('PEXPIRE', 'sluice:answered', KEEP_MS)
end

-- From admission on a job waits for the answer of any other, whoever it is.
local function join_flight(s, r)
  if s.oldest == 0 or redis.call('SCARD', flying_key(s.key)) >= FLYING_MAX then return end
  redis.call('SADD', flying_key(s.key), r.id)
  last_longer(flying_key(s.key), math.max(1000, r.start_by - now))
end

-- The other job that runs for all with this key; nil if none does.
local function flown_by(s, id)
  local other = redis.call('GET', flight_key(s.key))
  if not other or other == id or other == 'apart' then return nil end
  local v = redis.call('HMGET', job_key(other), 'state', 'lease_until')
  if v[1] == 'in_progress' and now < tonumber(v[2] or 0) then return other end
end

-- The job runs, for all who wait unless somebody does already.
local function take_flight(s, r)
  if flown_by(s, r.id) or redis.call('GET', flight_key(s.key)) == 'apart' then return end
  redis.call('SET', flight_key(s.key), r.id, 'PX', whole(math.max(1000, r.finish_by - now)))
end

-- It has completed.
local function land(s, r, ending, tokens)
  keep_answer(s, r, ending, tokens)
  if redis.call('GET', flight_key(s.key)) == r.id then redis.call('DEL', flight_key(s.key)) end
  local answer = {ending = ending, id = r.id, tenant = r.tenant, tokens = tokens}
  local left = FLIGHT_BYTES_MAX
  while left > 0 do
    local id = redis.call('SPOP', flying_key(s.key))
    if not id then break end
    local waits = load(id)
    if waits and waits.state == 'queued' and waits.attempt == 0 and waits.published then
      answer_joined(waits, answer)
      -- The record's and the log's, and what either takes besides.
      left = left - 2 * #ending - 2048
    else
      left = left - 64
    end
  end
end

-- It has ended in another way. What it met the others would meet, too, unless somebody asked for its end.
local function part(s, r, state)
  if redis.call('GET', flight_key(s.key)) ~= r.id then return end
  if state == 'cancelled' then redis.call('DEL', flight_key(s.key)) else redis.call('SET', flight_key(s.key), 'apart', 'PX', whole(APART_MS)) end
end
