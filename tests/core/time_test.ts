import assert from "node:assert/strict";
import fc from "fast-check";
import { days, formatTime, hours, minutes, parseCanonicalTime, parseTime, seconds } from "../../core/time.ts";

const MIN_MS = Date.parse("0000-01-01T00:00:00.000Z");
const MAX_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Times all over the range, and times that lie close together, as those of a feed do. */
const times = fc.array(
  fc.oneof(fc.integer({ min: MIN_MS, max: MAX_MS }), fc.integer({ min: -90_000, max: 90_000 })),
  { minLength: 1, maxLength: 20 },
);

Deno.test("units of time are milliseconds", () => {
  assert.deepEqual([seconds(2), minutes(2), hours(2), days(2)], [2_000, 120_000, 7_200_000, 172_800_000]);
});

Deno.test("formatted times are those of Date, before 1970 as well", () => {
  fc.assert(fc.property(times, (all) => {
    for (const timeMs of all) assert.equal(formatTime(timeMs), new Date(timeMs).toISOString());
  }));
});

Deno.test("a formatted time is parsed to itself, by both ways", () => {
  fc.assert(fc.property(times, (all) => {
    for (const timeMs of all) {
      assert.equal(parseTime(formatTime(timeMs)), timeMs);
      assert.equal(parseCanonicalTime(formatTime(timeMs)), timeMs);
    }
  }));
});

Deno.test("times with a zone, with fractions and as epoch milliseconds are read", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    ["2024-08-08T23:54:00Z", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08 23:54:00Z", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08T23:54Z", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08T23:54:00z", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08T23:54:00+02:00", "2024-08-08T21:54:00.000Z"],
    ["2024-08-08T23:54:00-0530", "2024-08-09T05:24:00.000Z"],
    ["2024-08-08T23:54:00+02", "2024-08-08T21:54:00.000Z"],
    ["2024-08-08T23:54:00-00:00", "2024-08-08T23:54:00.000Z"],
    ["2024-08-08T23:54:00.5Z", "2024-08-08T23:54:00.500Z"],
    ["2024-08-08T23:54:00,05Z", "2024-08-08T23:54:00.050Z"],
    ["2024-08-08T23:54:00.123999999Z", "2024-08-08T23:54:00.123Z"],
    ["1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"],
    ["1969-07-20T20:17:40Z", "1969-07-20T20:17:40.000Z"],
    ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"],
    ["2000-02-29T12:00:00Z", "2000-02-29T12:00:00.000Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
    ["0099-03-01T00:00:00Z", "0099-03-01T00:00:00.000Z"],
    [1723161240000, "2024-08-08T23:54:00.000Z"],
    [1723161240000.9, "2024-08-08T23:54:00.000Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [-0.5, "1969-12-31T23:59:59.999Z"],
    [0, "1970-01-01T00:00:00.000Z"],
  ];
  for (const [value, expected] of cases) {
    const timeMs = parseTime(value);
    assert.ok(typeof timeMs === "number", `${value}: ${timeMs}`);
    assert.equal(formatTime(timeMs), expected, String(value));
  }
});

Deno.test("what is no time is refused with what is wrong with it", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    ["2024-08-08T23:54:00", /has no time zone; add Z or an offset such as \+02:00/],
    ["2024-08-08", /has no time zone/],
    ["2024-08-08 23:54:00.123", /has no time zone/],
    ["2024-08-08T24:00:00Z", /is not a date that exists/],
    ["2024-08-08T23:60:00Z", /is not a date that exists/],
    ["2024-08-08T23:54:60Z", /is not a date that exists/],
    ["2023-02-29T12:00:00Z", /is not a date that exists/],
    ["1900-02-29T12:00:00Z", /is not a date that exists/],
    ["2024-04-31T12:00:00Z", /is not a date that exists/],
    ["2024-13-01T12:00:00Z", /is not a date that exists/],
    ["2024-00-01T12:00:00Z", /is not a date that exists/],
    ["2024-01-00T12:00:00Z", /is not a date that exists/],
    ["2024-08-08T23:54:00+24:00", /is not a date that exists/],
    ["2024-08-08T23:54:00-02:60", /is not a date that exists/],
    ["0000-01-01T00:00:00+01:00", /is not within the years 0 to 9999 of UTC/],
    ["9999-12-31T23:59:59-01:00", /is not within the years 0 to 9999 of UTC/],
    ["20240808T235400Z", /is not ISO 8601 with a zone/],
    ["08/08/2024", /is not ISO 8601 with a zone/],
    ["1723161240000", /is not ISO 8601 with a zone/],
    ["soon", /is not ISO 8601 with a zone/],
    ["", /is not ISO 8601 with a zone/],
    [NaN, /NaN is not a time/],
    [Infinity, /Infinity is not a time/],
    [MIN_MS - 1, /not epoch milliseconds of the years 0 to 9999/],
    [MAX_MS + 1, /not epoch milliseconds of the years 0 to 9999/],
    [null, /expected ISO 8601/],
    [true, /expected ISO 8601/],
    [{}, /expected ISO 8601/],
  ];
  for (const [value, pattern] of cases) {
    const fault = parseTime(value);
    assert.ok(typeof fault === "string", `${value} was read as ${fault}`);
    assert.match(fault, pattern);
  }
});

Deno.test("a long text is shown in part only", () => {
  const fault = parseTime("x".repeat(10_000));
  assert.ok(typeof fault === "string" && fault.length < 120, String(fault));
});

Deno.test("the output form, and no other, is recognised, whatever was parsed before", () => {
  const others = [
    "2024-01-01T12:00:60.000Z",
    "2024-01-01T12:00:0a.000Z",
    "2024-01-01T12:00:00.00aZ",
    "2024-01-01T12:00:00,000Z",
    "2024-01-01T12:00:00.000z",
    "2024-01-01 12:00:00.000Z",
    "2024-01-01T12:00:00.0000Z",
    "2024-01-01T12:00:00.00Z",
    "2024-01-01T24:00:00.000Z",
    "2023-02-29T12:00:00.000Z",
    "2024-01-01T12:0a:00.000Z",
    "",
  ];
  for (const other of others) {
    assert.equal(parseCanonicalTime("2024-01-01T12:00:01.000Z"), Date.UTC(2024, 0, 1, 12, 0, 1));
    assert.ok(Number.isNaN(parseCanonicalTime(other)), other);
  }
});

/** A time in the output form with one character changed. */
const nearlyTimes = fc.tuple(
  fc.integer({ min: -90_000, max: 90_000 }),
  fc.nat({ max: 23 }),
  fc.constantFrom(..."0159:.-TZ x"),
)
  .map(([timeMs, at, character]) => {
    const text = new Date(timeMs).toISOString();
    return text.slice(0, at) + character + text.slice(at + 1);
  });

Deno.test("texts close to the output form are judged as Date judges them", () => {
  fc.assert(
    fc.property(fc.array(nearlyTimes, { maxLength: 20 }), (texts) => {
      for (const text of texts) {
        // Date reads 24:00 and moves days that do not exist: only what it gives back unchanged is a time.
        const date = new Date(text);
        const isTime = !Number.isNaN(date.getTime()) && date.toISOString() === text;
        assert.equal(parseCanonicalTime(text), isTime ? date.getTime() : NaN, text);
      }
    }),
    { numRuns: 500 },
  );
});
