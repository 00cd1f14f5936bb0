-- Requests of a file, each about somebody drawn at random. Arguments: file, order, number of people, seed.
local requests, order, people, turn = {}, nil, 1, 0

local function split(text, mark)
  local parts, from = {}, 1
  while true do
    local at, last = text:find(mark, from, true)
    if not at then
      parts[#parts + 1] = text:sub(from)
      return parts
    end
    parts[#parts + 1] = text:sub(from, at - 1)
    from = last + 1
  end
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for _, request in ipairs(split(file:read("*a"), "\0")) do
    requests[#requests + 1] = split(request, "{user}")
  end
  file:close()
  order, people = args[2], tonumber(args[3])
  math.randomseed(tonumber(args[4]))
end

function request()
  if order == "random" then
    turn = math.random(#requests)
  else
    turn = turn % #requests + 1
  end
  return table.concat(requests[turn], string.format("%012x", math.random(people) - 1))
end

function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\n{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"failures":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failures))
end
