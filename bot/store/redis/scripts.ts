import { createHash } from 'node:crypto';

/**
 * The steps of the store as Redis runs them: each script is one atomic step within one partition. They share a beginning, and read
 * their parameters one after the other, in the order in which `redis-store.ts` writes them.
 *
 * Rules: every check comes before the first write, for Redis keeps what a script wrote before it failed; keys are handed in as
 * KEYS, except where an index of the same partition, and so of the same hash tag, names them (`due`, `sweep`).
 *
 * What stands where, behind the hash tag {p07} of the partition:
 *   r:NAME   record: "version|expiresAt|value"
 *   l:NAME   log: a stream with ids 0-1, 0-2 …; a stream remembers its last id when it is trimmed to nothing
 *   i:NAME   index: a sorted set
 *   w:NAME   queue: a list of waiting items, each "position|dueAt|value", the head first
 *   q:NAME   queue: a hash of what is known of the head: its number `item`, `attempt`, `first` claimed at, `token` of its holder
 *   o:KEY    once key: "expiresAt|positions|digest"
 *   ready    sorted set of the queues in which something waits, by the time at which the head may be claimed: the end of its lease, too
 *   t:NAME   log: being copied, to take the place of l:NAME
 *   expiry   sorted set of the things that expire (r:NAME, o:KEY), by a time not later than theirs
 */
const shared = `
local expiry, ready = KEYS[1], KEYS[2]
local at = 1
local function take() at = at + 1; return ARGV[at] end
local function takeNumber() return tonumber(take()) end
local function takeKey() return KEYS[takeNumber()] end
local function int(number) return string.format('%.0f', number) end

-- The clock of the server, which all instances share; the first parameter replaces it in tests.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function record(key)
  local raw = redis.call('GET', key)
  if not raw then return false end
  local expiresAt = string.match(raw, '^%d+|(%d*)|')
  if expiresAt ~= '' and tonumber(expiresAt) <= now then return false end
  return raw
end

local function version(key)
  local raw = record(key)
  return raw and tonumber(string.match(raw, '^%d+')) or 0
end

-- The expiry index tells the sweep where to look. Redis itself removes the thing an hour later: the net under a sweep that never runs.
local function keep(key, text, expiresAt)
  if expiresAt == '' then
    redis.call('SET', key, text)
    return
  end
  redis.call('SET', key, text, 'PX', int(math.max(tonumber(expiresAt) - now, 0) + 3600000))
  redis.call('ZADD', expiry, 'LT', expiresAt, string.sub(key, string.find(key, '}:', 1, true) + 2))
end

-- "span": for how long it was to wait when that was decided; a queue that is to wait longer than that has seen the clock set back.
local function arm(q, name, readyAt)
  redis.call('ZADD', ready, int(readyAt), name)
  redis.call('HSET', q, 'span', int(math.max(readyAt - now, 0)))
end

local function dueAtOf(item) return tonumber(string.match(item, '^%d+|(%d+)|')) end

-- Gives what the holder of the claim needs to know, or false.
local function claim()
  local q, w, name, lease, token = takeKey(), takeKey(), take(), takeNumber(), take()
  local records = {}
  for i = 1, takeNumber() do records[i] = takeKey() end
  local readyAt = redis.call('ZSCORE', ready, name)
  if not readyAt or tonumber(readyAt) > now then return false end
  local head = redis.call('HMGET', q, 'item', 'attempt', 'first')
  local item, attempt = tonumber(head[1] or 1), tonumber(head[2] or 0) + 1
  local first = tonumber(head[3] or now)
  local values = {}
  for i, key in ipairs(records) do values[i] = record(key) end
  redis.call('HSET', q, 'item', int(item), 'attempt', int(attempt), 'first', int(first), 'token', token)
  arm(q, name, now + lease)
  return { item, attempt, first, redis.call('LINDEX', w, 0), values }
end

-- Gives the name of the record whose check failed.
local function refused()
  local name = false
  for _ = 1, takeNumber() do
    local key, wanted, checked = takeKey(), take(), take()
    if not name then
      local found = version(key)
      if wanted == 'exists' then
        if found == 0 then name = checked end
      elseif found ~= tonumber(wanted) then
        name = checked
      end
    end
  end
  return name
end

local function full()
  local name = false
  for _ = 1, takeNumber() do
    local w, most, queue = takeKey(), takeNumber(), take()
    if not name and redis.call('LLEN', w) >= most then name = queue end
  end
  return name
end

local write = {
  put = function()
    local key, expiresAt, value = takeKey(), take(), take()
    keep(key, int(version(key) + 1) .. '|' .. expiresAt .. '|' .. value, expiresAt)
  end,
  remove = function() redis.call('DEL', takeKey()) end,
  append = function(positions)
    local id = redis.call('XADD', takeKey(), '0-*', 'v', take())
    positions[#positions + 1] = tonumber(string.match(id, '%-(%d+)$'))
  end,
  trim = function()
    local key, upTo = takeKey(), takeNumber()
    redis.call('XTRIM', key, 'MINID', '0-' .. int(upTo + 1))
  end,
  drop = function() redis.call('DEL', takeKey()) end,
  rank = function()
    local key, score, member = takeKey(), take(), take()
    redis.call('ZADD', key, score, member)
  end,
  unrank = function() redis.call('ZREM', takeKey(), take()) end,
  enqueue = function(positions)
    local q, w, name, dueAt, value = takeKey(), takeKey(), take(), takeNumber(), take()
    local position = positions[#positions] or 0
    if redis.call('RPUSH', w, int(position) .. '|' .. int(dueAt) .. '|' .. value) == 1 then arm(q, name, dueAt) end
  end,
  clear = function()
    local q, w, name = takeKey(), takeKey(), take()
    redis.call('DEL', q, w)
    redis.call('ZREM', ready, name)
  end,
}

local function writeAll()
  local positions = {}
  for _ = 1, takeNumber() do write[take()](positions) end
  return positions
end
`;

const sources = {
  apply: `
local once = take() == '1' and { key = takeKey(), digest = take(), expiresAt = take() }
if once then
  local raw = redis.call('GET', once.key)
  if raw then
    local expiresAt, positions, digest = string.match(raw, '^(%d+)|([%d,]*)|(.*)$')
    if tonumber(expiresAt) > now then
      if digest ~= once.digest then return { now, 'conflict' } end
      local earlier = {}
      for position in string.gmatch(positions, '%d+') do earlier[#earlier + 1] = tonumber(position) end
      return { now, 'repeated', earlier }
    end
  end
end
local record = refused()
if record then return { now, 'refused', record } end
local queue = full()
if queue then return { now, 'full', queue } end
local positions = writeAll()
if once then
  local listed = {}
  for i, position in ipairs(positions) do listed[i] = int(position) end
  keep(once.key, once.expiresAt .. '|' .. table.concat(listed, ',') .. '|' .. once.digest, once.expiresAt)
end
return { now, 'applied', positions, take() == '1' and claim() }
`,

  claim: `
return { now, claim() }
`,

  // The token is compared, not only the number of the item: after a failover the same number may be given out twice.
  commit: `
local q, w, name, token, item = takeKey(), takeKey(), take(), take(), take()
local head = redis.call('HMGET', q, 'token', 'item')
if head[1] ~= token or head[2] ~= item then return { now, 'fenced' } end
local record = refused()
if record then return { now, 'refused', record } end
redis.call('HSET', q, 'item', int(tonumber(item) + 1))
redis.call('HDEL', q, 'token', 'attempt', 'first', 'span')
redis.call('LPOP', w)
local following = redis.call('LINDEX', w, 0)
if following then arm(q, name, dueAtOf(following)) else redis.call('ZREM', ready, name) end
local positions = writeAll()
return { now, 'applied', positions, redis.call('LLEN', w) }
`,

  release: `
local q, name, token, dueAt, counts = takeKey(), take(), take(), takeNumber(), take()
if redis.call('HGET', q, 'token') ~= token then return { now } end
redis.call('HDEL', q, 'token')
if counts == '0' then redis.call('HINCRBY', q, 'attempt', -1) end
arm(q, name, dueAt)
return { now }
`,

  // A queue that waits longer than it was told to has seen the clock set back: it waits that long from now on. A few are looked at each
  // time, the farthest first; few queues wait for anything at any moment.
  due: `
local limit, ahead = takeNumber(), takeNumber()
for _, name in ipairs(redis.call('ZRANGE', ready, '+inf', '(' .. int(now), 'BYSCORE', 'REV', 'LIMIT', 0, 100)) do
  local q = string.sub(ready, 1, -6) .. 'q:' .. name
  local span = tonumber(redis.call('HGET', q, 'span') or 0)
  if tonumber(redis.call('ZSCORE', ready, name)) > now + span then redis.call('ZADD', ready, int(now + span), name) end
end
return { now, redis.call('ZRANGE', ready, '-inf', int(now + ahead), 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES') }
`,

  // Things move their expiry with every write, but the index follows only here, when it looks.
  sweep: `
local limit = takeNumber()
local removed = 0
local noticed = redis.call('ZRANGE', expiry, '-inf', int(now), 'BYSCORE', 'LIMIT', 0, limit)
for _, name in ipairs(noticed) do
  local key = string.sub(expiry, 1, -7) .. name
  local raw = redis.call('GET', key)
  local expiresAt = raw and string.match(raw, string.sub(name, 1, 1) == 'r' and '^%d+|(%d*)|' or '^(%d+)|')
  if expiresAt and expiresAt ~= '' and tonumber(expiresAt) > now then
    redis.call('ZADD', expiry, expiresAt, name)
  else
    redis.call('ZREM', expiry, name)
    if expiresAt and expiresAt ~= '' then removed = removed + redis.call('DEL', key) end
  end
end
return { now, #noticed, removed }
`,

  // Gives a value another form: only where it is still the one that was read.
  rewriteRecord: `
local key, before, value = takeKey(), take(), take()
local raw = redis.call('GET', key)
if raw ~= before then return { now, 0 } end
redis.call('SET', key, string.match(raw, '^%d+|%d*|') .. value, 'KEEPTTL')
return { now, 1 }
`,

  rewriteItem: `
local w, before, after = takeKey(), take(), take()
local at = redis.call('LPOS', w, before)
if not at then return { now, 0 } end
redis.call('LSET', w, at, after)
return { now, 1 }
`,

  // Entries of a stream cannot be changed, so that a copy takes its place. "last", "before": the last entry that was copied, as it was:
  // where it is there no longer, the log was trimmed or dropped meanwhile. What came after it is copied here.
  replaceLog: `
local log, copy, last, before = takeKey(), takeKey(), take(), take()
local found = redis.call('XRANGE', log, last, last)
if #found == 0 or found[1][2][2] ~= before then
  redis.call('DEL', copy)
  return { now, 0 }
end
redis.call('XTRIM', copy, 'MINID', redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1][1])
for _, entry in ipairs(redis.call('XRANGE', log, '(' .. last, '+')) do redis.call('XADD', copy, entry[1], 'v', entry[2][2]) end
redis.call('RENAME', copy, log)
redis.call('PERSIST', log)
return { now, 1 }
`,

  get: `
return { now, record(takeKey()) }
`,

  endOf: `
local key = takeKey()
if redis.call('EXISTS', key) == 0 then return { now, 0 } end
local facts = redis.call('XINFO', 'STREAM', key)
for i = 1, #facts, 2 do
  if facts[i] == 'last-generated-id' then return { now, tonumber(string.match(facts[i + 1], '%-(%d+)$')) } end
end
`,

  time: `
return { now }
`,
} as const;

export type ScriptName = keyof typeof sources;

export interface Script {
  source: string;
  /** The digest by which Redis knows a script that it was given before. */
  digest: string;
}

export const scripts = Object.fromEntries(
  Object.entries(sources).map(([name, own]) => {
    const source = shared + own;
    return [name, { source, digest: createHash('sha1').update(source).digest('hex') }];
  }),
) as Record<ScriptName, Script>;
