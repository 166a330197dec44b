-- Counts one more unless the quota has been reached; 1 if it was counted, the count, and the milliseconds that it lasts.
local quota, window, renews = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local hits, left = tonumber(redis.call('GET', KEYS[1]) or '0'), redis.call('PTTL', KEYS[1])
if left > 0 and hits >= quota then
  return {0, hits, left}
end
hits = redis.call('INCR', KEYS[1])
if left <= 0 or renews then
  redis.call('PEXPIRE', KEYS[1], window)
  left = window
end
return {1, hits, left}
