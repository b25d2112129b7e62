-- One image a request, one after the other of a folder's.
local files = {}
for path in io.popen('ls "' .. os.getenv("IMAGES") .. '"/*.png'):lines() do
  local file = io.open(path, "rb")
  files[#files + 1] = file:read("*a")
  file:close()
end
local requests, number = {}, 0

-- Written once: the load shares the cores with what it measures.
init = function()
  for index, body in ipairs(files) do
    requests[index] = wrk.format("POST", nil, { ["Content-Type"] = "image/png" }, body)
  end
end

request = function()
  number = number % #requests + 1
  return requests[number]
end

done = function(summary, latency, _)
  io.write(string.format("JSON {\"requests\": %d, \"seconds\": %.3f, \"p50\": %.2f, \"p99\": %.2f, \"failed\": %d}\n",
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
end
