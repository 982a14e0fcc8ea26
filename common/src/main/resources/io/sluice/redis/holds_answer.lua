-- AnswerCache.holds: whether an answer is kept that a job would take.
-- ARGV: 1 sharing
-- returns {1 or 0}
local share = sharing_of(ARGV[1])
return {share and kept_answer(share) and 1 or 0}
