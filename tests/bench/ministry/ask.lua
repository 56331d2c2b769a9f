-- Asks one question again and again: on a day of its own each time, so that no answer can be kept,
-- or always on the same day.
--   wrk -s ask.lua URL -- FILE FIRST STEP
-- FILE holds the body with @DAY@ in it; FIRST is the first day, as days from 1970 on; STEP 1 or 0.
local started = 0
function setup(thread)
   thread:set("lane", started)
   started = started + 1
end

function init(args)
   local file = assert(io.open(args[1]))
   body = file:read("*a")
   file:close()
   -- Threads keep out of each other's days.
   day, step = tonumber(args[2]) + lane * 200000 * tonumber(args[3]), tonumber(args[3])
   headers = { ["content-type"] = "application/json", ["accept"] = "application/graphql-response+json" }
end

function request()
   local text = body:gsub("@DAY@", os.date("!%Y-%m-%d", day * 86400))
   day = day + step
   return wrk.format("POST", nil, headers, text)
end

function done(summary)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format("asked %d failed %d seconds %.3f\n", summary.requests, failed, summary.duration / 1e6))
end
