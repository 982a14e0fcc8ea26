-- Leases.finish: state, result, usage, end event and places, in one step.
-- ARGV: 1 id, 2 fence, 3 state, 4 ending as JSON, 5 tokens used, 6 tokens of its output
-- returns {written} | {fenced} | {gone}
-- Sent twice: an ended job that still has this fence was ended by this call, since an ending from outside raises it.
local r = load(ARGV[1])
if not r then epoch(); return {'gone'} end
if whole(r.fence) ~= ARGV[2] then return {'fenced'} end
if is_over(r) then return {'written'} end
if not is_running(r) then return {'fenced'} end
close(r, ARGV[3], ARGV[4], r.fence, tonumber(ARGV[5]))
local where = redis.call('HGET', job_key(r.id), 'where')
if where then learn_output(where, tonumber(ARGV[6])) end
local share = sharing_of(r.sharing)
local state = r.state == 'cancelling' and 'cancelled' or ARGV[3]
if share and state == 'completed' then land(share, r, ARGV[4], ARGV[5]) elseif share then part(share, r, state) end
return {'written'}
