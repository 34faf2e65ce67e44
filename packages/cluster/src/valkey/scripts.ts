/**
 * The scripts that Valkey runs. Each uses the server's own time. A time that lies further ahead
 * than any script sets it comes from a server with another clock, and counts as passed.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Notes a node's beat and returns the server's time, a verdict, and each live member with its facts
 * and the rest of its life in ms. Doesn't note the beat of a node with other keys, or of a newcomer
 * of another version. KEYS: members, fingerprint of the keys. ARGV: node, facts, life of a beat in
 * ms, fingerprint, version, life of the fingerprint in ms.
 */
export const BEAT = `${NOW}
redis.call('SET', KEYS[2], ARGV[4], 'NX')
if redis.call('GET', KEYS[2]) ~= ARGV[4] then return {now, 'keys'} end
local fields = redis.call('HGETALL', KEYS[1])
local answer = {now, 'ok'}
local known, other = false, false
for i = 1, #fields, 2 do
  local ends, version, facts = string.match(fields[i + 1], '^(%d+) (%S+) (.*)$')
  ends = tonumber(ends)
  if fields[i] == ARGV[1] then
    known = true
  elseif ends and ends > now and ends <= now + ARGV[3] then
    if version ~= ARGV[5] then other = true end
    answer[#answer + 1] = fields[i]
    answer[#answer + 1] = facts
    answer[#answer + 1] = ends - now
  else
    redis.call('HDEL', KEYS[1], fields[i])
  end
end
if other and not known then return {now, 'version'} end
local row = string.format('%.0f %s %s', now + ARGV[3], ARGV[5], ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], row)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return answer
`;

/** Removes a node. KEYS: members. ARGV: node. */
export const LEAVE = `return redis.call('HDEL', KEYS[1], ARGV[1])`;

/**
 * Grants a lease. Returns the epoch and 0, or 0 and the time in ms until the lease may be free.
 * KEYS: lease, latest epoch. ARGV: node, least epoch, delay after the earlier grant in ms, duration
 * in ms, time in ms to keep an ended grant.
 */
export const ACQUIRE = `${NOW}
local held = redis.call('GET', KEYS[1])
local epoch = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), tonumber(ARGV[2]))
if held then
  local number, node, ends = string.match(held, '^(%d+) (%S+) (%d+)$')
  epoch = math.max(epoch, tonumber(number))
  ends = tonumber(ends)
  if ends > now + ARGV[4] then ends = 0 end
  local free = ends + ARGV[3] - now
  if node ~= ARGV[1] and free > 0 then return {0, free} end
end
epoch = epoch + 1
local row = string.format('%.0f %s %.0f', epoch, ARGV[1], now + ARGV[4])
redis.call('SET', KEYS[1], row, 'PX', ARGV[4] + ARGV[5])
redis.call('SET', KEYS[2], string.format('%.0f', epoch))
return {epoch, 0}
`;

/**
 * Extends a lease. Returns 1, or 0 if the grant is over. KEYS: lease. ARGV: node, epoch, duration
 * in ms, time in ms to keep an ended grant.
 */
export const RENEW = `${NOW}
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local number, node, ends = string.match(held, '^(%d+) (%S+) (%d+)$')
if node ~= ARGV[1] or number ~= ARGV[2] or tonumber(ends) <= now then return 0 end
local row = string.format('%s %s %.0f', number, node, now + ARGV[3])
redis.call('SET', KEYS[1], row, 'PX', ARGV[3] + ARGV[4])
return 1
`;

/** Ends a lease. KEYS: lease. ARGV: node, epoch, time in ms to keep an ended grant. */
export const RELEASE = `${NOW}
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local number, node = string.match(held, '^(%d+) (%S+) (%d+)$')
if node ~= ARGV[1] or number ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], string.format('%s - %.0f', number, now), 'PX', ARGV[3])
return 1
`;

/** Uses a name once. Returns whether it was unused. KEYS: name. ARGV: time in ms to keep it. */
export const USE_ONCE = `
if redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1]) then return 1 end
return 0
`;
