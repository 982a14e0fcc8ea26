-- Admission.pressure
-- ARGV: 1 pool, 2 target ms
-- returns {pressure}
return {string.format('%.3f', look(ARGV[1], tonumber(ARGV[2])))}
