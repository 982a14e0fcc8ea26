-- Leases.renew: a lease lasts on.
-- ARGV: 1 id, 2 fence, 3 lease ms
-- returns {renewed} | {cancelling} | {fenced} | {gone}
local r = load(ARGV[1])
if not r then epoch(); return {'gone'} end
if whole(r.fence) ~= ARGV[2] or not is_running(r) then return {'fenced'} end
r.lease_until = now + tonumber(ARGV[3])
redis.call('HSET', job_key(r.id), 'lease_until', whole(r.lease_until))
if r.state ~= 'cancelling' then return {'renewed'} end
set_due(r)
return {'cancelling'}
