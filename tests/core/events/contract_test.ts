import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../../core/events/chat.ts";
import { checkEvent, type EventContract, FUTURE_MS_MAX, isFault } from "../../../core/events/contract.ts";
import { contracts, derivedTopics } from "../../../core/events/mod.ts";
import { tradeEvents } from "../../../core/events/trades.ts";
import { sampleEvents } from "./samples.ts";

const nowMs = Date.UTC(2024, 7, 8, 23, 54);

const chat = {
  event_id: "e1",
  timestamp: "2024-08-08T23:54:00.000Z",
  source: "twitch",
  stream_id: "music",
  user_id: "u1",
  username: "Ann",
  message: "hello",
  emotes: ["Kappa"],
};
const trade = {
  event_id: "t1",
  timestamp: "2024-08-08T23:54:00.000Z",
  source: "binance",
  symbol: "BTCUSDT",
  trade_id: 7,
  price: "61837.63000000",
  size: "0.00100000",
  side: "buy",
};

const check = (contract: EventContract, value: unknown) => checkEvent(contract, { value, appendTimeMs: nowMs });
const chatContract = chatEvents as unknown as EventContract;
const tradeContract = tradeEvents as unknown as EventContract;

/** Reason and path of a refusal, or nothing. */
function refusal(contract: EventContract, value: unknown): string | null {
  const checked = check(contract, value);
  if (!isFault(checked)) return null;
  assert.ok(checked.message.length > 5, "it says why");
  return `${checked.reason} ${checked.path}`.trim();
}

const without = (field: string) => {
  const { [field]: _, ...rest }: Record<string, unknown> = chat;
  return rest;
};

const badChats: readonly [what: string, value: unknown, refusal: string][] = [
  ...Object.keys(chat).map((field): [string, unknown, string] => [`no ${field}`, without(field), `schema ${field}`]),
  ["null", null, "schema"],
  ["a text", "hello", "schema"],
  ["a list", [chat], "schema"],
  ["a number for a text", { ...chat, message: 5 }, "schema message"],
  ["null for a text", { ...chat, username: null }, "schema username"],
  ["an empty key", { ...chat, stream_id: "" }, "schema stream_id"],
  ["a key longer than an index of Postgres holds", { ...chat, stream_id: "x".repeat(257) }, "schema stream_id"],
  ["an id as long", { ...chat, event_id: "x".repeat(257) }, "schema event_id"],
  ["a key with U+0000", { ...chat, stream_id: "a\0" }, "schema stream_id"],
  ["a key with half a surrogate pair", { ...chat, stream_id: "\ud83d" }, "schema stream_id"],
  ["an empty id", { ...chat, event_id: "" }, "schema event_id"],
  ["a text for a list", { ...chat, emotes: "Kappa" }, "schema emotes"],
  ["a number in the list", { ...chat, emotes: ["Kappa", 7] }, "schema emotes.1"],
  ["NaN as time", { ...chat, timestamp: NaN }, "schema timestamp"],
  ["the text NaN as time", { ...chat, timestamp: "NaN" }, "schema timestamp"],
  ["a time without a zone", { ...chat, timestamp: "2024-08-08T23:54:00" }, "schema timestamp"],
  ["a time beyond all years", { ...chat, timestamp: 1e300 }, "schema timestamp"],
  ["the year 2099", { ...chat, timestamp: "2099-01-01T00:00:00.000Z" }, "future timestamp"],
  ["the year 2099 in milliseconds", { ...chat, timestamp: Date.UTC(2099) }, "future timestamp"],
  ["a millisecond too far ahead", { ...chat, timestamp: nowMs + FUTURE_MS_MAX + 1 }, "future timestamp"],
];

Deno.test("what does not fit is refused with its reason and the path of the fault", () => {
  for (const [what, value, expected] of badChats) assert.equal(refusal(chatContract, value), expected, what);
});

const badTrades: readonly [what: string, change: Record<string, unknown>, path: string][] = [
  ["a price as number", { price: 61_837.63 }, "price"],
  ["a negative price", { price: "-1" }, "price"],
  ["a price with exponent", { price: "1e5" }, "price"],
  ["an empty price", { price: "" }, "price"],
  ["NaN as price", { price: "NaN" }, "price"],
  ["a price with nine digits", { price: "1.000000001" }, "price"],
  ["a size of nineteen digits", { size: "1234567890123456789" }, "size"],
  ["a fraction as trade id", { trade_id: 1.5 }, "trade_id"],
  ["a negative trade id", { trade_id: -1 }, "trade_id"],
  ["a trade id that no number can hold", { trade_id: 2 ** 53 }, "trade_id"],
  ["no side", { side: undefined }, "side"],
  ["a side of its own", { side: "both" }, "side"],
];

Deno.test("a trade's decimals are texts of at most eight fraction digits, zeros at their end not counted", () => {
  for (const [what, change, path] of badTrades) {
    assert.equal(refusal(tradeContract, { ...trade, ...change }), `schema ${path}`, what);
  }
  for (const price of ["0", "1", "61837.63", "0.00000001", "1.000000000000000", "123456789012345678.12345678"]) {
    assert.equal(refusal(tradeContract, { ...trade, price }), null, price);
  }
});

Deno.test("an event may lie five minutes ahead, and as far back as it likes", () => {
  for (const timestamp of [nowMs + FUTURE_MS_MAX, 0, -1, "1969-07-20T20:17:40Z"]) {
    assert.equal(refusal(chatContract, { ...chat, timestamp }), null, String(timestamp));
  }
});

Deno.test("an event in output form is taken as it is: the same object, extra fields and all", () => {
  const value = { ...chat, color: "#ff0000", nested: { deep: [1, null] } };
  const checked = check(chatContract, value);
  assert.ok(!isFault(checked));
  assert.equal(checked.event, value);
  assert.equal(checked.eventTimeMs, nowMs);
});

Deno.test("a time in any other form comes out as UTC with milliseconds, and the value given stays as it was", () => {
  const times: readonly [input: string | number, output: string][] = [
    [nowMs, "2024-08-08T23:54:00.000Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    ["2024-08-09T01:54:00+02:00", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08T23:54:00Z", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08 23:54:00.1234567Z", "2024-08-08T23:54:00.123Z"],
  ];
  for (const [input, output] of times) {
    const value = { ...chat, timestamp: input, extra: 1 };
    const checked = check(chatContract, value);
    assert.ok(!isFault(checked), String(input));
    assert.deepEqual(checked.event, { ...value, timestamp: output });
    assert.equal(value.timestamp, input);
  }
});

Deno.test("every topic has a name of its own, and its key is one of the fields that must be there", () => {
  const topics = [...contracts.map(({ topic }) => topic), ...Object.values(derivedTopics)];
  assert.equal(new Set(topics).size, topics.length);
  for (const contract of contracts) {
    const sample = sampleEvents[contract.topic];
    assert.ok(sample !== undefined && contract.keyField in sample, contract.topic);
    assert.equal(isFault(checkEvent(contract, { value: sample, appendTimeMs: Infinity })), false, contract.topic);
    const { [contract.keyField]: _, ...keyless }: Record<string, unknown> = sample;
    assert.equal(refusal(contract, keyless), `schema ${contract.keyField}`);
  }
});

Deno.test("a quick look accepts what the schema accepts, and nothing else", () => {
  const odd = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      "",
      "1.5",
      "-1",
      "1e3",
      "buy",
      "a".repeat(257),
      null,
      undefined,
      NaN,
      Infinity,
      -1,
      0,
      1.5,
      2 ** 53,
    ),
    fc.array(fc.oneof(fc.string(), fc.integer())),
    fc.dictionary(fc.string(), fc.integer()),
  );
  for (const contract of contracts) {
    const { fits } = contract;
    if (fits === undefined) continue;
    const sample = sampleEvents[contract.topic]!;
    assert.ok(fits(sample), contract.topic);
    fc.assert(fc.property(fc.constantFrom(...Object.keys(sample)), odd, fc.boolean(), (field, value, gone) => {
      const { [field]: _, ...rest } = sample;
      const changed = gone ? rest : { ...sample, [field]: value };
      assert.equal(fits(changed), contract.schema.safeParse(changed).success, JSON.stringify(changed));
    }));
    assert.equal(fits([] as never), contract.schema.safeParse([]).success);
  }
});
