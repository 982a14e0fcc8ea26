-- AnswerCache.size: how many answers are kept, and what they take.
-- returns {entries, bytes}
return {redis.call('ZCARD', 'sluice:answers'), redis.call('HGET', 'sluice:answer_bytes', 'sum') or 0}
