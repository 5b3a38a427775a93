/**
 * Tables that others wrote: which column is which field, how times, prices, durations and sides are written, and what is
 * made where a table does not have it.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../core/errors.ts";
import { formatTime } from "../../core/time.ts";
import type { FieldMapping } from "../../ingest/source.ts";
import { plainMapping } from "../../ingest/sources/canonical.ts";
import { decimalCell, minutesCell, sideCell } from "../../ingest/sources/cell_values.ts";
import { dayIn, joinedTimeReader, timeReader } from "../../ingest/sources/foreign_time.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";

const shownTime = (timeMs: number | string) => (typeof timeMs === "number" ? formatTime(timeMs) : "no time");

Deno.test("times are read in the forms that tables have, those without a zone in the zone that was named", () => {
  const cases: readonly [unknown, string, string][] = [
    ["2024-08-08T23:54:00+02:00", "Asia/Tokyo", "2024-08-08T21:54:00.000Z"],
    ["2024-08-08 23:54:00.5", "UTC", "2024-08-08T23:54:00.500Z"],
    ["2024-08-08 09:30", "America/New_York", "2024-08-08T13:30:00.000Z"],
    ["2024-01-08 9:30", "America/New_York", "2024-01-08T14:30:00.000Z"],
    ["2024-08-08", "+02:00", "2024-08-07T22:00:00.000Z"],
    ["20131004", "UTC", "2013-10-04T00:00:00.000Z"],
    ["19980102 00:00", "America/New_York", "1998-01-02T05:00:00.000Z"],
    ["1723161240", "UTC", "2024-08-08T23:54:00.000Z"],
    ["1723161240.25", "UTC", "2024-08-08T23:54:00.250Z"],
    ["1723161240000", "UTC", "2024-08-08T23:54:00.000Z"],
    ["1723161240000123", "UTC", "2024-08-08T23:54:00.000Z"],
    ["1723161240000123456", "UTC", "2024-08-08T23:54:00.000Z"],
    [1_723_161_240_000, "UTC", "2024-08-08T23:54:00.000Z"],
    ["2024-02-30", "UTC", "no time"],
    ["08/09/2024", "UTC", "no time"],
    ["", "UTC", "no time"],
    [null, "UTC", "no time"],
  ];
  for (const [text, zone, expected] of cases) assert.equal(shownTime(timeReader(zone)(text)), expected, String(text));
});

Deno.test("of a clock that is set, each hour that exists is read as what it is; the hour that comes twice as the first", () => {
  const read = timeReader("America/New_York");
  const cases = [
    ["2024-03-10 01:59", "2024-03-10T06:59:00.000Z"],
    ["2024-03-10 03:00", "2024-03-10T07:00:00.000Z"],
    ["2024-11-03 00:59", "2024-11-03T04:59:00.000Z"],
    ["2024-11-03 01:30", "2024-11-03T05:30:00.000Z"],
    ["2024-11-03 02:00", "2024-11-03T07:00:00.000Z"],
  ] as const;
  for (const [text, expected] of cases) assert.equal(shownTime(read(text)), expected, text);
});

Deno.test("any local time of a zone is the moment at which its clocks show that", () => {
  const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");
  fc.assert(fc.property(zones, fc.integer({ min: 0, max: 2_000_000_000 }), (zone, second) => {
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    const shown = clock.format(second * 1_000);
    const found = timeReader(zone)(shown);
    assert.equal(typeof found, "number");
    assert.equal(clock.format(found as number), shown);
    assert.equal(dayIn(zone)(found as number), shown.slice(0, 10));
  }));
});

Deno.test("a date and a time of day, or milliseconds since midnight, may stand in two columns", () => {
  const join = joinedTimeReader("America/New_York");
  assert.equal(shownTime(join("20131004", "34200000")), "2013-10-04T13:30:00.000Z");
  assert.equal(shownTime(join("2013-10-04", "09:30:00")), "2013-10-04T13:30:00.000Z");
  assert.equal(shownTime(join("rubbish", "34200000")), "no time");
});

Deno.test("prices are kept to the last digit, moved by powers of ten, and only floats beyond 8 digits are rounded", () => {
  const cases: readonly [unknown, number, string | undefined][] = [
    ["61837.63000000", 0, "61837.63000000"],
    ["136300", 4, "13.6300"],
    ["5", 4, "0.0005"],
    [1e-7, 0, "0.0000001"],
    ["1.5E+3", 0, "1500"],
    [0.1, 0, "0.1"],
    ["0.14550000429153442", 0, "0.1455"],
    ["2.999999995", 0, "3"],
    [".5", 0, "0.5"],
    ["-3", 0, "-3"],
    ["1,234.5", 0, undefined],
    ["", 0, undefined],
    ["NaN", 0, undefined],
  ];
  for (const [cell, exponent, expected] of cases) assert.equal(decimalCell(cell, exponent), expected, String(cell));
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.nat(8), (units, scale) => {
    const text = decimalCell(String(units), scale)!;
    const [whole = "", fraction = ""] = text.split(".");
    assert.equal(BigInt(whole + fraction.padEnd(scale, "0")), units);
  }));
});

Deno.test("durations are minutes, however they are written; two parts alone are not guessed at", () => {
  const cases: readonly [unknown, number | undefined][] = [
    ["00:09:39", 9.65],
    ["01:23:45", 83.75],
    ["123:00:06", 7_380.1],
    ["12.5", 12.5],
    [7, 7],
    ["PT1H30M", 90],
    ["PT45S", 0.75],
    ["1 h 30 min", 90],
    ["90s", 1.5],
    ["12:30", undefined],
    ["00:61:00", undefined],
    ["", undefined],
    ["soon", undefined],
  ];
  for (const [cell, expected] of cases) assert.equal(minutesCell(cell), expected, String(cell));
});

Deno.test("the taker's side is a word, or what follows from who was the maker", () => {
  assert.deepEqual(["BUY", "s", "x"].map((cell) => sideCell(cell, "side")), ["buy", "sell", undefined]);
  assert.deepEqual(["1", "false", true, "buy"].map((cell) => sideCell(cell, "buyer_is_maker")), [
    "sell",
    "buy",
    "sell",
    undefined,
  ]);
  assert.equal(sideCell("1", "side"), undefined);
});

interface Told {
  readonly source: string;
  readonly mapping: Partial<FieldMapping>;
  readonly format?: "csv" | "lines" | "parquet";
  readonly name?: string;
}

/** What records decode to: events, or path and message of dead ones. */
function decoded({ source, mapping, format = "csv", name = "t.csv" }: Told, records: readonly string[]): unknown[] {
  const file = { name, fingerprint: "0123456789abcdef0123", mapping: { ...plainMapping, ...mapping } };
  const decode = sourceByName(source).recorded!.decoder(format, file);
  const header = format === "csv" && !mapping.columns;
  return records.map((record, i) => decode(record, header ? i : i + 1)).slice(header ? 1 : 0).map((found) => {
    if (found.kind === "events") return found.events[0]!.value;
    return found.kind === "dead" ? [found.fault.path, found.fault.message] : found.ignoredKind;
  });
}

Deno.test("columns become fields, the others stay under their own names, and what can be made is made", () => {
  const mapping = { fields: { timestamp: "ts_utc", stream_id: "channel", user_id: "User" } };
  assert.deepEqual(
    decoded({ source: "chat", mapping }, ["ts_utc,Badge,channel,user,message", "2024-01-01 12:00,x,demo,ada,Kappa hi"]),
    [{
      event_id: "0123456789abcdef:1",
      timestamp: "2024-01-01T12:00:00.000Z",
      source: "chat",
      stream_id: "demo",
      user_id: "ada",
      username: "ada",
      message: "Kappa hi",
      emotes: ["Kappa"],
      badge: "x",
    }],
  );
});

Deno.test("a table without a header, values that are the same everywhere, and one from the file's name", () => {
  const mapping: Partial<FieldMapping> = {
    columns: ["date", "open", "high", "low", "close", "volume"],
    fields: { timestamp: "date" },
    constants: { symbol: "@name:daily_*", interval: "1d" },
    priceExponent: 4,
  };
  const told = { source: "bars", mapping, name: "daily_aapl.csv.gz" };
  assert.deepEqual(decoded(told, ["19980102,136300,162500,135000,162500,6315000.0"]), [{
    event_id: "bars:aapl:1d:1998-01-02T00:00:00.000Z",
    timestamp: "1998-01-02T00:00:00.000Z",
    source: "bars",
    symbol: "aapl",
    interval: "1d",
    open: "13.6300",
    high: "16.2500",
    low: "13.5000",
    close: "16.2500",
    volume: "6315000.0",
  }]);
  assert.throws(
    () => decoded({ ...told, name: "weekly.csv" }, ["19980102,1,1,1,1,1"]),
    (error) => error instanceof UserError && /weekly does not fit/.test(error.message),
  );
});

Deno.test("a constant may be half of a time, and is no field then", () => {
  const mapping = {
    fields: { timestamp: "day+ms", open: "p", high: "p", low: "p", close: "p" },
    constants: { day: "20221213", symbol: "X", interval: "1m", volume: "0" },
  };
  const [bar] = decoded({ source: "bars", mapping }, ["ms,p", "60000,1.5"]) as Record<string, unknown>[];
  assert.equal(bar!.timestamp, "2022-12-13T00:01:00.000Z");
  assert.deepEqual(Object.keys(bar!).filter((name) => ["day", "ms", "p"].includes(name)), []);
});

Deno.test("JSON objects and Parquet rows are mapped like tables, members of members by a dot", () => {
  const mapping = { fields: { timestamp: "created", user_id: "user.id", stream_id: "room" } };
  const row = JSON.stringify({ created: 1_723_161_240, user: { id: 7 }, room: "demo", message: "hi", emotes: ["LUL"] });
  for (const format of ["lines", "parquet"] as const) {
    const [event] = decoded({ source: "chat", mapping, format }, [row]) as Record<string, unknown>[];
    assert.deepEqual(
      [event!.timestamp, event!.user_id, event!.stream_id, event!.emotes, event!.username],
      ["2024-08-08T23:54:00.000Z", "7", "demo", ["LUL"], "7"],
    );
  }
});

Deno.test("viewing of a night belongs to the day of its start in the zone that was named", () => {
  const mapping = {
    timeZone: "Asia/Kolkata",
    fields: { user_id: "Profile", timestamp: "Start", watch_duration_minutes: "Duration", show_name: "Title" },
  };
  const rows = [
    "Profile,Start,Duration,Title",
    'U 1,2022-04-29 00:30:00,01:00:30,"A, B"',
    "U 1,2022-04-29 00:30:00,x,C",
  ];
  const [sitting, bad] = decoded({ source: "watch", mapping }, rows) as [Record<string, unknown>, string[]];
  assert.deepEqual(
    [sitting.timestamp, sitting.watch_date, sitting.watch_duration_minutes, sitting.show_name],
    ["2022-04-28T19:00:00.000Z", "2022-04-29", 60.5, "A, B"],
  );
  assert.deepEqual([bad[0], /duration such as 01:23:45/.test(bad[1]!)], ["watch_duration_minutes", true]);
});

Deno.test("a cell that cannot be read is one dead record that names its field and what stands there", () => {
  const mapping = { fields: { timestamp: "t" } };
  const rows = [
    "t,symbol,trade_id,price,size,side",
    "soon,X,1,1,1,buy",
    "1723161240,X,1,ten,1,buy",
    "1723161240,X,1,1,1,buy",
  ];
  const [time, price, good] = decoded({ source: "trades", mapping }, rows) as [string[], string[], { price: string }];
  assert.deepEqual([time[0], price[0], good.price], ["timestamp", "price", "1"]);
  assert.match(price[1]!, /price: expected a number, found "ten"/);
});

Deno.test("a column that is named but not there is an error of the call that lists those that are", () => {
  for (const fields of [{ timestamp: "when" }, { timestamp: "t+when" }] as Record<string, string>[]) {
    assert.throws(
      () => decoded({ source: "trades", mapping: { fields } }, ["t,symbol,trade_id,price,size,side"]),
      (error) =>
        error instanceof UserError && /missing: (t\+)?when \(found: t, symbol/.test(error.message) &&
        /--map/.test(error.fix),
    );
  }
});
