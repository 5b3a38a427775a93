import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import type { Fault } from "../../core/events/contract.ts";
import { type DeadLetter, RAW_LENGTH_MAX } from "../../core/events/derived.ts";
import type { NewRecord } from "../../core/ports.ts";
import { Door, type DoorStart, Outbox } from "../../ingest/door.ts";
import { anyContract, type Decoded, type DecodedEvent } from "../../ingest/source.ts";

const contract = anyContract(chatEvents);
const NOW_MS = Date.UTC(2024, 0, 1, 12);
const place = { nowMs: NOW_MS, raw: "the raw line", line: 7 };

const value = (id: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  event_id: `e${id}`,
  timestamp: "2024-01-01T11:59:00.000Z",
  source: "test",
  stream_id: "demo",
  user_id: "u1",
  username: "Ada",
  message: "hi",
  emotes: [],
  ...more,
});
const events = (...all: (DecodedEvent | Record<string, unknown>)[]): Decoded => ({
  kind: "events",
  events: all.map((event) => ("contract" in event ? event as DecodedEvent : { contract, value: event })),
});
const fault: Fault = { reason: "not_json", path: "", message: "not JSON" };

/** A door with what has come through it. */
function doorWay(start: DoorStart = {}) {
  const outbox = new Outbox();
  const door = new Door(outbox, { origin: "chat.jsonl", instance: "file:0", runId: "run" }, start);
  const taken = () => new Map(outbox.take().map(({ topic, records }) => [topic, records]));
  return {
    door,
    outbox,
    taken,
    letIn: (decoded: Decoded, at = place): readonly NewRecord[] => {
      door.admit(decoded, at);
      return taken().get("events.chat") ?? [];
    },
    bury: (decoded: Decoded, at: { nowMs: number; raw?: string; line?: number } = place): DeadLetter => {
      door.admit(decoded, at);
      const records = taken().get("dead") ?? [];
      assert.equal(records.length, 1);
      return JSON.parse(records[0]!.value);
    },
  };
}

Deno.test("every line is counted once: let in, dead, or ignored by its kind", () => {
  const { door } = doorWay();
  door.admit(events(value(1)), place);
  door.admit({ kind: "dead", contract, fault }, place);
  door.admit({ kind: "ignored", ignoredKind: "CLEARCHAT" }, place);
  door.admit({ kind: "ignored", ignoredKind: "CLEARCHAT" }, place);
  door.admit({ kind: "ignored", ignoredKind: "blank" }, place);
  door.admit(events(value(2, { message: 5 })), place);
  assert.deepEqual(door.counts, { read: 6, dead: 2, ignored: 3, ignoredKinds: { CLEARCHAT: 2, blank: 1 } });
});

Deno.test("kinds that are named like what every object has are counted like the others", () => {
  const { door } = doorWay();
  for (const ignoredKind of ["constructor", "toString", "constructor"]) {
    door.admit({ kind: "ignored", ignoredKind }, place);
  }
  assert.deepEqual(Object.entries(door.counts.ignoredKinds), [["constructor", 2], ["toString", 1]]);
});

Deno.test("an event is stamped with its key, its place in the sending order and its run", () => {
  const { door, letIn } = doorWay({ nextSeq: 40 });
  const records = [1, 2].flatMap((id) => letIn(events(value(id, { stream_id: `s${id}` }))));
  assert.deepEqual(records.map(({ key, instance, seq, runId }) => [key, instance, seq, runId]), [
    ["s1", "file:0", 40, "run"],
    ["s2", "file:0", 41, "run"],
  ]);
  assert.deepEqual(JSON.parse(records[0]!.value), value(1, { stream_id: "s1" }));
  assert.equal(door.nextSeq, 42);
});

Deno.test("a place in the sending order is given to what is let in only", () => {
  const { letIn, door } = doorWay();
  letIn({ kind: "dead", contract, fault });
  letIn(events(value(1, { message: 5 })));
  assert.equal(letIn(events(value(2)))[0]!.seq, 0);
  assert.equal(door.nextSeq, 1);
});

Deno.test("a text in the output form is kept to the letter; another is written anew with its time in that form", () => {
  const { letIn } = doorWay();
  const text = JSON.stringify(value(1)).replace('"hi"', '"\\u0068i"').replace("[]", "[ ]");
  assert.equal(letIn(events({ contract, value: JSON.parse(text), text }))[0]!.value, text);
  const other = JSON.stringify(value(2, { timestamp: "2024-01-01T13:59:00+02:00" }));
  assert.equal(letIn(events({ contract, value: JSON.parse(other), text: other }))[0]!.value, JSON.stringify(value(2)));
});

Deno.test("a line of several events counts as its first one: the others carry no run", () => {
  const { door, letIn } = doorWay();
  assert.deepEqual(letIn(events(value(1), value(2), value(3))).map(({ runId, seq }) => [runId, seq]), [
    ["run", 0],
    [null, 1],
    [null, 2],
  ]);
  assert.equal(letIn(events(value(1), value(2, { message: 5 }))).length, 1);
  assert.deepEqual([door.counts.read, door.counts.dead], [2, 0], "the first was let in");
  assert.deepEqual(letIn(events(value(1, { message: 5 }), value(2))).map(({ runId }) => runId), [null]);
  assert.deepEqual([door.counts.read, door.counts.dead], [3, 1], "the first was dead");
});

Deno.test("a line that is ignored may bring side events: let in, counted for no run, the line stays ignored", () => {
  const { door, taken } = doorWay();
  const sides = [{ contract, value: value(1) }, { contract, value: value(2, { message: 5 }) }];
  door.admit({ kind: "ignored", ignoredKind: "USERNOTICE", events: sides }, place);
  assert.deepEqual(door.counts, { read: 1, dead: 0, ignored: 1, ignoredKinds: { USERNOTICE: 1 } });
  const found = taken();
  assert.deepEqual(found.get("events.chat")!.map(({ seq, runId }) => [seq, runId]), [[0, null]]);
  assert.equal(JSON.parse(found.get("dead")![0]!.value).reason, "schema");
});

Deno.test("an event with an order of its own keeps it, and takes no place in the door's", () => {
  const { letIn } = doorWay();
  const order = { instance: "binance:X", seq: 77 };
  const records = letIn(events({ contract, value: value(1), order }, value(2)));
  assert.deepEqual(records.map(({ instance, seq }) => [instance, seq]), [["binance:X", 77], ["file:0", 0]]);
});

Deno.test("a dead letter says what was wrong, where it came from, and keeps the raw line", () => {
  const letter = doorWay().bury(events(value(1, { emotes: ["Kappa", 5] })));
  const { message, ...rest } = letter;
  assert.match(message, /^emotes\.1: /);
  assert.deepEqual(rest, {
    event_id: "dead:file:0:1",
    timestamp: "2024-01-01T12:00:00.000Z",
    source: "tidemark",
    topic: "events.chat",
    partition: null,
    offset: null,
    origin: "chat.jsonl:7",
    reason: "schema",
    path: "emotes.1",
    raw: "the raw line",
    raw_length: 12,
  });
});

Deno.test("without a line number the origin stands alone, and without a raw line the event's JSON is kept", () => {
  const bad = value(1, { message: 5 });
  const { origin, raw } = doorWay().bury(events(bad), { nowMs: NOW_MS });
  assert.deepEqual([origin, raw], ["chat.jsonl", JSON.stringify(bad)]);
  assert.equal(doorWay().bury({ kind: "dead", contract, fault }, { nowMs: NOW_MS }).raw, "", "nothing is known of it");
});

Deno.test("a dead letter keeps the start of a long line only, cut between characters, and its whole length", () => {
  const long = "x".repeat(RAW_LENGTH_MAX - 1) + "🔥".repeat(100_000);
  const { raw, raw_length } = doorWay().bury({ kind: "dead", contract, fault }, { nowMs: NOW_MS, raw: long });
  assert.equal(raw, "x".repeat(RAW_LENGTH_MAX - 1) + "\ufffd", "half a character would be no text");
  assert.equal(raw_length, long.length);
});

Deno.test("an event time more than five minutes ahead of now is dead, five minutes are not", () => {
  const { letIn, bury } = doorWay();
  assert.equal(letIn(events(value(1, { timestamp: NOW_MS + 300_000 }))).length, 1);
  assert.equal(bury(events(value(1, { timestamp: NOW_MS + 300_001 }))).reason, "future");
});

Deno.test("event times are moved by the shift; one that cannot be read is dead as it was", () => {
  const { letIn, bury } = doorWay({ shiftMs: 60_000 });
  const timeOf = ([record]: readonly NewRecord[]) => JSON.parse(record!.value).timestamp;
  const text = JSON.stringify(value(1));
  assert.equal(timeOf(letIn(events({ contract, value: JSON.parse(text), text }))), "2024-01-01T12:00:00.000Z");
  assert.equal(timeOf(letIn(events(value(1, { timestamp: -1 })))), "1970-01-01T00:00:59.999Z");
  const { reason, path, raw } = bury(events(value(1, { timestamp: "soon" })), { nowMs: NOW_MS });
  assert.deepEqual([reason, path, JSON.parse(raw).timestamp], ["schema", "timestamp", "soon"]);
  assert.equal(bury(events({ contract, value: null }), { nowMs: NOW_MS }).reason, "schema");
});

Deno.test("an event that is nested too deeply to be written is dead, and does no harm to its neighbours", () => {
  const { door, letIn, bury } = doorWay();
  // V8 writes plain values of any depth; a name that is a number makes it recurse, and run out of stack.
  const deep = value(1, { 1: "", deep: JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) });
  const { reason, raw } = bury(events(deep), { nowMs: NOW_MS });
  assert.deepEqual([reason, raw], ["too_deep", ""], "there is no text of it");
  assert.equal(bury(events(deep), place).raw, "the raw line");
  assert.equal(letIn(events(value(2))).length, 1);
  assert.deepEqual([door.counts.read, door.counts.dead], [3, 2]);
});

Deno.test("ids of dead letters go on where a resumed file's counts stand", () => {
  const counts = { read: 41, dead: 3, ignored: 0, ignoredKinds: {} };
  const { bury, door } = doorWay({ counts });
  assert.equal(bury({ kind: "dead", contract, fault }).event_id, "dead:file:0:42");
  assert.deepEqual([door.counts.read, door.counts.dead], [42, 4]);
});

Deno.test("two dead events of one line have ids of their own, so that no reader takes one for a repeat", () => {
  const { door, taken } = doorWay();
  door.admit(events(value(1, { message: 5 }), value(2, { message: 5 })), place);
  const ids = taken().get("dead")!.map((record) => JSON.parse(record.value).event_id);
  assert.deepEqual(ids, ["dead:file:0:1", "dead:file:0:1:1"]);
});

Deno.test("the outbox keeps the order by topic and is empty once taken", () => {
  const { door, outbox, taken } = doorWay();
  for (const id of [1, 2, 3]) door.admit(events(value(id, id === 2 ? { message: 5 } : {})), place);
  assert.equal(outbox.pending, 3);
  const writes = taken();
  assert.deepEqual(writes.get("events.chat")!.map((record) => JSON.parse(record.value).event_id), ["e1", "e3"]);
  assert.equal(writes.get("dead")!.length, 1);
  assert.equal(outbox.pending, 0);
  assert.deepEqual(outbox.take(), []);
});
