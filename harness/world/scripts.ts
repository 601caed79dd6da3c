/**
 * The world's Lua: each script changes state and ledger in one atomic step and stamps the entry with the
 * world's own clock. They stand together because the layout of the world's keys is known only here.
 */

/** The keys of the world, below one prefix for each run of a target. */
export function worldKeys(prefix: string) {
  return {
    /** Stream of entries, one JSON document in field `e`. */
    ledger: `${prefix}:ledger`,
    /** What a worker needs to know that somebody starts by hand, as JSON; there while such a worker is wanted. */
    deployment: `${prefix}:deployment`,
    /** Hash: `mode`, `work:STEP` = "beforeMs,afterMs", `keyTtlMs` where keys are forgotten, and `fence`, the newest number seen. Exists for every registered session. */
    plan: (session: string) => `${prefix}:plan:${session}`,
    /** List of orders, one for each execution to come of this step. */
    orders: (session: string, step: string) => `${prefix}:orders:${session}:${step}`,
    /** Hash: idempotency key → landing. */
    seen: (session: string) => `${prefix}:seen:${session}`,
    /** Hash: jti → "live" or "revoked". */
    tokens: (session: string) => `${prefix}:tokens:${session}`,
    /** The cache entry: the signed token. */
    cache: (session: string) => `${prefix}:cache:${session}`,
    /** Hash with the session's `status`, and the lists of its rows. */
    status: (session: string) => `${prefix}:status:${session}`,
    activities: (session: string) => `${prefix}:activities:${session}`,
    audit: (session: string) => `${prefix}:audit:${session}`,
  };
}

const stamp = `
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
`;

/** KEYS ledger · ARGV the entry as JSON, without its time. Returns nothing. */
export const noteScript = `${stamp}
redis.call('XADD', KEYS[1], '*', 'e', '{"at":' .. at .. ',' .. string.sub(ARGV[1], 2))
`;

/** KEYS ledger, plan, orders · ARGV step, entry. Returns [work, order], each false where there is none. */
export const beginScript = `${stamp}
local plan = redis.call('HMGET', KEYS[2], 'mode', 'work:' .. ARGV[1])
if not plan[1] then return redis.error_reply('UNREGISTERED no plan knows the session of key ' .. KEYS[2]) end
local order = redis.call('LPOP', KEYS[3])
redis.call('XADD', KEYS[1], '*', 'e',
  '{"at":' .. at .. ',"kind":"begin","order":' .. (order or 'null') .. ',' .. string.sub(ARGV[2], 2))
return { plan[2], order }
`;

/**
 * KEYS ledger, plan, seen, tokens, cache, status, activities, audit
 * ARGV effect, idempotency key, entry, payload, sealed, fencing number or "". Returns [at, jti or false, receipt].
 * The receipt of an effect is the id of the ledger's entry that says that it landed.
 */
export const applyScript = `${stamp}
local effect, key, entry, payload, sealed = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local fence = tonumber(ARGV[6])
local mode, newest, ttl = unpack(redis.call('HMGET', KEYS[2], 'mode', 'fence', 'keyTtlMs'))
if not mode then return redis.error_reply('UNREGISTERED no plan knows the session of key ' .. KEYS[2]) end

local function note(kind, body)
  return redis.call('XADD', KEYS[1], '*', 'e', '{"at":' .. at .. ',"kind":"' .. kind .. '",' ..
    string.sub(entry, 2, -2) .. ',"payload":' .. body .. '}')
end

local first = redis.call('HGET', KEYS[3], key)
if first and mode == 'idempotent' then
  local landing = cjson.decode(first)
  if not ttl or tonumber(at) - tonumber(landing[1]) < tonumber(ttl) then
    note('suppressed', payload)
    return landing
  end
end

if fence then
  if mode == 'fenced' and fence < tonumber(newest or 0) then
    note('rejected', payload)
    return redis.error_reply('FENCED another worker owns the session of key ' .. KEYS[2])
  end
  redis.call('HSET', KEYS[2], 'fence', math.max(fence, tonumber(newest or 0)))
end

local jti = false
if effect == 'issue-token' then
  jti = redis.sha1hex(entry .. at)
  payload = '{"jti":"' .. jti .. '",' .. string.sub(payload, 2)
  redis.call('HSET', KEYS[4], jti, 'live')
elseif effect == 'set-cache' then redis.call('SET', KEYS[5], sealed)
elseif effect == 'append-activity' then redis.call('RPUSH', KEYS[7], payload)
elseif effect == 'send-notice' then redis.call('HSET', KEYS[6], 'notice', at)
elseif effect == 'set-idle' then redis.call('HSET', KEYS[6], 'status', 'idle')
elseif effect == 'set-expired' then redis.call('HSET', KEYS[6], 'status', 'expired')
elseif effect == 'revoke-token' then redis.call('HSET', KEYS[4], tostring(cjson.decode(payload).jti), 'revoked')
elseif effect == 'clear-cache' then redis.call('DEL', KEYS[5])
elseif effect == 'write-audit' then redis.call('RPUSH', KEYS[8], payload)
else return redis.error_reply('UNKNOWNEFFECT ' .. effect) end

local landing = { at, jti, note('landed', payload) }
redis.call('HSET', KEYS[3], key, cjson.encode(landing))
return landing
`;
