-- Publishes the drafts that draft.lua made, one connection a thread; counts what was acknowledged.
local threads = {}
local thread_count = 0
function setup(thread)
  thread:set("thread_number", thread_count)
  thread:set("acknowledged", 0)
  thread_count = thread_count + 1
  threads[#threads + 1] = thread
end

function init(args)
  tokens, slugs = {}, 0
  for each in string.gmatch(args[1], "[^,]+") do tokens[#tokens + 1] = each end
  for _ in string.gmatch(args[2], "[^,]+") do slugs = slugs + 1 end
  token = tokens[thread_number % slugs + 1]
  ids = io.open(args[3] .. "/ids." .. thread_number)
end

function request()
  local id = ids:read("*l") or "none"
  local body = '{"query":"mutation { publishEntry(input: {id: \\"' .. id .. '\\", expectedVersion: 1}) { entry { publication } errors { code } } }"}'
  return wrk.format("POST", "/graphql", { ["content-type"] = "application/json", authorization = "Bearer " .. token }, body)
end

function response(status, headers, body)
  if string.find(body, '"PUBLISHED"', 1, true) then acknowledged = acknowledged + 1 end
end

function done(summary)
  local sum = 0
  for _, thread in ipairs(threads) do sum = sum + thread:get("acknowledged") end
  io.write(string.format("acknowledged %d in %.2f s: %.0f a second\n", sum, summary.duration / 1e6, sum / (summary.duration / 1e6)))
end
