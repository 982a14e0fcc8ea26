-- Admission.published: the queue confirmed these jobs.
-- ARGV: ids
for _, id in ipairs(ARGV) do
  redis.call('ZREM', 'sluice:unpublished', id)
  if redis.call('EXISTS', job_key(id)) == 1 then
    if redis.call('HGET', job_key(id), 'published') == '0' then step(id, 'published', now) end
    redis.call('HSET', job_key(id), 'published', 1)
    redis.call('HDEL', job_key(id), 'admitted')
    wake(id)
  end
end
return {}
