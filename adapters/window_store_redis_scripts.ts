/**
 * The window store's Lua: each script is one atomic step on the keys of one pipeline's partition. docs/redis_keys.md
 * describes what stands in them.
 *
 * A change carries a *stamp*, the writer's name and a number that rises with each of its changes. The stamp of the last
 * change stands in `meta`, so that one which is sent again, its answer lost, is told from one that was built on something
 * else, and one that comes late, over a connection long given up, changes nothing.
 * @module
 */
import { RedisScript } from "./redis_script.ts";

/**
 * Refuses a change, or lets it pass (nil).
 * KEYS: 1 meta, 2 slices, 3 keys. ARGV: 1 epoch, and behind a bar the database that gave it, where that is known;
 * 2 fromOffset or "", 3 base stamp or "", 4 writer, 5 its number.
 */
const REFUSAL = `
local meta, slices, keys = KEYS[1], KEYS[2], KEYS[3]
local epoch, database = string.match(ARGV[1], '^(%d+)|?(.*)$')
local from, base, writer, write = ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local function isOfAnother(held) return held and database ~= '' and held ~= database end

local function refusal()
  local held = redis.call('HMGET', meta, 'epoch', 'nextOffset', 'writer', 'write', 'overlay', 'database')
  if isOfAnother(held[6]) then return 'fenced' end
  if held[1] and tonumber(held[1]) > tonumber(epoch) then return 'fenced' end
  if held[3] == writer and held[4] == write then return 'committed' end
  if held[3] == writer and tonumber(held[4]) > tonumber(write) then return 'diverged' end
  if from ~= '' and (held[2] ~= from or (base ~= '' and base ~= (held[3] or '') .. ' ' .. (held[4] or ''))) then return 'diverged' end
  if held[5] then return 'merge ' .. held[5] end
  return nil
end

local function dropStaged()
  local staged = redis.call('HGET', meta, 'staged')
  if staged then
    redis.call('UNLINK', slices .. ':' .. staged, keys .. ':' .. staged)
    redis.call('HDEL', meta, 'staged')
  end
end
`;

/** Saves what comes with a change. ARGV: 6 nextOffset, 7 incarnation, 8 generation, 9 seqs. */
const SAVE = `
local function save()
  redis.call('HSET', meta, 'epoch', epoch, 'nextOffset', ARGV[6], 'incarnation', ARGV[7], 'generation', ARGV[8],
    'seqs', ARGV[9], 'writer', writer, 'write', write)
  if database ~= '' then redis.call('HSET', meta, 'database', database) end
  return 'committed'
end
`;

/** The list of a key's slices in `keys`: a JSON array of numbers, without blanks. */
const INDEX = `
local function addStarts(index, key, added)
  if #added == 0 then return end
  local old = redis.call('HGET', index, key)
  local list = table.concat(added, ',')
  redis.call('HSET', index, key, old and (string.sub(old, 1, -2) .. ',' .. list .. ']') or ('[' .. list .. ']'))
end

local function removeStarts(index, key, removed)
  if next(removed) == nil then return end
  local kept = {}
  for start in string.gmatch(redis.call('HGET', index, key) or '', '%-?%d+') do
    if not removed[start] then kept[#kept + 1] = start end
  end
  if #kept == 0 then redis.call('HDEL', index, key)
  else redis.call('HSET', index, key, '[' .. table.concat(kept, ',') .. ']') end
end

local function applySlice(key, start, state, added, removed)
  local field = start .. '|' .. key
  if not state then return end
  if state == '' then
    if redis.call('HDEL', slices, field) == 1 then removed[start] = true end
  elseif redis.call('HSET', slices, field, state) == 1 then added[#added + 1] = start end
end
`;

/** Writes a change that fits one script. ARGV from 10: per key its name, the number of slices, then start, state. */
export const commitScript = new RedisScript(`${REFUSAL}${SAVE}${INDEX}
local refused = refusal()
if refused then return refused end
dropStaged()
if from == '' then redis.call('UNLINK', slices, keys) end
local i = 10
while i <= #ARGV do
  local key, count = ARGV[i], tonumber(ARGV[i + 1])
  local added, removed = {}, {}
  i = i + 2
  for _ = 1, count do
    applySlice(key, ARGV[i], ARGV[i + 1], added, removed)
    i = i + 2
  end
  removeStarts(keys, key, removed)
  addStarts(keys, key, added)
end
return save()
`);

/**
 * Puts a part of a bigger change aside. ARGV: 6 name of the staging, 7 "first" or "", from 8 as in the commit. KEYS: 4
 * staged slices, 5 staged keys. A staging that is no longer there, as after FLUSHALL, is "lost".
 */
export const stageScript = new RedisScript(`${REFUSAL}${INDEX}
local refused = refusal()
if refused then
  dropStaged()
  return refused
end
if ARGV[7] == 'first' then
  dropStaged()
  redis.call('HSET', meta, 'staged', ARGV[6])
elseif redis.call('HGET', meta, 'staged') ~= ARGV[6] then return 'lost' end
local i = 8
while i <= #ARGV do
  local key, count = ARGV[i], tonumber(ARGV[i + 1])
  local added = {}
  i = i + 2
  for _ = 1, count do
    if redis.call('HSET', KEYS[4], ARGV[i] .. '|' .. key, ARGV[i + 1]) == 1 then added[#added + 1] = ARGV[i] end
    i = i + 2
  end
  addStarts(KEYS[5], key, added)
end
return 'staged'
`);

/**
 * Makes what was staged valid in one step, whatever its size: a snapshot takes the place of all, a delta becomes the
 * overlay. ARGV: 6 to 9 as in the commit, 10 name of the staging, 11 number of slices that must be there.
 */
export const switchScript = new RedisScript(`${REFUSAL}${SAVE}
local refused = refusal()
if refused then
  dropStaged()
  return refused
end
if redis.call('HGET', meta, 'staged') ~= ARGV[10] or redis.call('HLEN', KEYS[4]) ~= tonumber(ARGV[11]) then
  return 'lost'
end
if from == '' then
  redis.call('UNLINK', slices, keys)
  redis.call('RENAME', KEYS[4], slices)
  redis.call('RENAME', KEYS[5], keys)
else redis.call('HSET', meta, 'overlay', ARGV[10]) end
redis.call('HDEL', meta, 'staged')
return save()
`);

/**
 * Moves some keys of the overlay to where they belong: readers see the same before and after, so that anybody may do it,
 * at any time and again. The overlay's slices stay until the last key is moved, and go on to win. KEYS: 1 meta, 2 slices, 3 keys, 4 overlay's slices, 5 overlay's keys. ARGV: 1 name of the
 * overlay, 2 about how many slices. Answers how many keys are left.
 */
export const mergeScript = new RedisScript(`
local meta, slices, keys = KEYS[1], KEYS[2], KEYS[3]
${INDEX}
if redis.call('HGET', meta, 'overlay') ~= ARGV[1] then return 0 end
local done, left = 0, redis.call('HLEN', KEYS[5])
while left > 0 and done < tonumber(ARGV[2]) do
  local picked = redis.call('HRANDFIELD', KEYS[5], 4, 'WITHVALUES')
  for i = 1, #picked, 2 do
    local key, added, removed = picked[i], {}, {}
    for start in string.gmatch(picked[i + 1], '%-?%d+') do
      applySlice(key, start, redis.call('HGET', KEYS[4], start .. '|' .. key), added, removed)
      done = done + 1
    end
    removeStarts(keys, key, removed)
    addStarts(keys, key, added)
    redis.call('HDEL', KEYS[5], key)
  end
  left = redis.call('HLEN', KEYS[5])
end
if left == 0 then
  redis.call('UNLINK', KEYS[4], KEYS[5])
  redis.call('HDEL', meta, 'overlay')
end
return left
`);

/**
 * Writes a new owner's epoch and removes what a dead one left staged. ARGV: 1 as above. Answers 0 where refused. Epochs of
 * another database cannot be compared: what was written under them goes, and is rebuilt from the log.
 */
export const claimScript = new RedisScript(`${REFUSAL}
local held = redis.call('HMGET', meta, 'epoch', 'database', 'overlay')
if isOfAnother(held[2]) then
  dropStaged()
  redis.call('UNLINK', meta, slices, keys)
  if held[3] then redis.call('UNLINK', slices .. ':' .. held[3], keys .. ':' .. held[3]) end
elseif held[1] and tonumber(held[1]) > tonumber(epoch) then return 0 end
redis.call('HSET', meta, 'epoch', epoch)
if database ~= '' then redis.call('HSET', meta, 'database', database) end
dropStaged()
return 1
`);

/**
 * Reads fields of meta, and all slices where they are few enough. ARGV: 1 how many at most (-1 = any number), from 2 the
 * fields. Answers {fields, overlay or nil, number of slices, number in the overlay, slices, slices of the overlay}.
 */
export const readScript = new RedisScript(`
local meta, slices = KEYS[1], KEYS[2]
local fields = redis.call('HMGET', meta, unpack(ARGV, 2))
local overlay = redis.call('HGET', meta, 'overlay')
local top = overlay and slices .. ':' .. overlay
local size, topSize = redis.call('HLEN', slices), top and redis.call('HLEN', top) or 0
local max = tonumber(ARGV[1])
if max >= 0 and size + topSize > max then return {fields, overlay, size, topSize} end
return {fields, overlay, size, topSize, redis.call('HGETALL', slices), top and redis.call('HGETALL', top) or {}}
`);

/** Reads the slices of one key: {start, state, start, …}. ARGV: 1 the key. */
export const readKeyScript = new RedisScript(`
local meta, slices, keys = KEYS[1], KEYS[2], KEYS[3]
local overlay = redis.call('HGET', meta, 'overlay')
local found, seen = {}, {}
local function collect(index)
  for start in string.gmatch(redis.call('HGET', index, ARGV[1]) or '', '%-?%d+') do
    if not seen[start] then
      seen[start] = true
      local field = start .. '|' .. ARGV[1]
      local state = overlay and redis.call('HGET', slices .. ':' .. overlay, field)
      if not state then state = redis.call('HGET', slices, field) end
      if state and state ~= '' then
        found[#found + 1] = start
        found[#found + 1] = state
      end
    end
  end
end
collect(keys)
if overlay then collect(keys .. ':' .. overlay) end
return found
`);
