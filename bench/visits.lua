-- wrk script: asks for the addresses of a file in turn, `host path` per line, and prints the counts as JSON.
local requests, at = {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local host, path = line:match("^(%S+) (%S+)$")
    requests[#requests + 1] = wrk.format("GET", path, { Host = host, ["Accept-Encoding"] = "gzip, deflate, br" })
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format(
    '{"requests":%d,"us":%d,"bytes":%d,"bad":%d,"broken":%d,"p50_us":%d,"p95_us":%d}',
    summary.requests, summary.duration, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(95)))
end
