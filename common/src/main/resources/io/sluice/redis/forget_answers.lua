-- AnswerCache.forget: some of the answers of a tenant, or of all.
-- ARGV: 1 tenant or '', 2 the first to look at, 3 how many
-- returns {how many were looked at, how many were forgotten}
local forgotten = 0
local some = redis.call('ZRANGE', 'sluice:answers', ARGV[2], ARGV[2] + ARGV[3] - 1)
for _, key in ipairs(some) do
  if ARGV[1] == '' or redis.call('HGET', answer_key(key), 'tenant') == ARGV[1] then
    forget_answer(key)
    forgotten = forgotten + 1
  end
end
return {#some, forgotten}
