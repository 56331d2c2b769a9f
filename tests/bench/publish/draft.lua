-- Drafts events, one connection a thread, and keeps their ids for publish.lua.
local thread_count = 0
function setup(thread)
  thread:set("thread_number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  token, slugs = args[1], {}
  for slug in string.gmatch(args[2], "[^,]+") do slugs[#slugs + 1] = slug end
  tokens = {}
  for each in string.gmatch(token, "[^,]+") do tokens[#tokens + 1] = each end
  at = thread_number % #slugs + 1
  ids = io.open(args[3] .. "/ids." .. thread_number, "w")
  number, stamp = 0, os.time()
end

function request()
  number = number + 1
  local title = string.format("Load %d %d %d", stamp, thread_number, number)
  local body = '{"query":"mutation { createEvent(input: {sources: [\\"seed-000\\"], province: \\"' .. slugs[at] .. '\\", title: {en: \\"' .. title ..
    '\\"}, kind: \\"FESTIVAL\\", pillar: PEOPLE, when: \\"2026-12\\", country: \\"KR\\", audienceCountries: [\\"JP\\"]}) { event { id } errors { code } } }"}'
  return wrk.format("POST", "/graphql", { ["content-type"] = "application/json", authorization = "Bearer " .. tokens[at] }, body)
end

function response(status, headers, body)
  local id = string.match(body, '"id":"([^"]+)"')
  if id then ids:write(id, "\n"); ids:flush() end
end
