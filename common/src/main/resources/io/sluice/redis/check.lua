-- HealthCheck: whether this server keeps what it is given.
-- returns {appendonly 1 or 0, maxmemory-policy, status of the last write to the append-only file}
epoch()
local persistence = redis.call('INFO', 'persistence')
return {
  string.match(persistence, 'aof_enabled:(%d)') or '',
  string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:([%w-]+)') or '',
  string.match(persistence, 'aof_last_write_status:(%w+)') or '',
}
