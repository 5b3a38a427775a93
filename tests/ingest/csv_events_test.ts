import assert from "node:assert/strict";
import { UserError } from "../../core/errors.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import { chat } from "../../ingest/sources/chat.ts";
import { trades } from "../../ingest/sources/trades.ts";

const CHAT = "event_id,timestamp,source,stream_id,user_id,username,message,emotes";
const TRADES = "event_id,timestamp,source,symbol,trade_id,price,size,side";

/** What the records of a table after its header decode to: values of events, or reason and path of dead rows. */
function rows(header: string, records: readonly string[], source = chat): unknown[] {
  const decode = source.recorded!.decoder("csv");
  assert.deepEqual(decode(header), { kind: "ignored", ignoredKind: "header" });
  return records.map((record) => {
    const decoded = decode(record);
    if (decoded.kind === "events") return decoded.events[0]!.value;
    return decoded.kind === "dead" ? [decoded.fault.reason, decoded.fault.path] : decoded.ignoredKind;
  });
}

const row = (change: Record<string, unknown> = {}) => ({
  event_id: "1",
  timestamp: "2024-08-08T23:54:00.000Z",
  source: "s",
  stream_id: "c",
  user_id: "u",
  username: "n",
  message: "hi",
  emotes: [],
  ...change,
});
const START = "1,2024-08-08T23:54:00.000Z,s,c,u,n,";

Deno.test("cells are typed by the contract", () => {
  assert.deepEqual(
    rows(CHAT, [
      START + "hi,",
      START + "hi,Kappa  LUL",
      START + 'hi,"[""Kappa"",""LUL""]"',
      START + "hi,[oops",
      "1,1723161240000,s,c,u,n,007,",
    ]),
    [
      row(),
      row({ emotes: ["Kappa", "LUL"] }),
      row({ emotes: ["Kappa", "LUL"] }),
      ["schema", "emotes"],
      row({ timestamp: 1_723_161_240_000, message: "007" }),
    ],
  );
});

Deno.test("decoded rows fit the contracts", () => {
  const appendTimeMs = Date.UTC(2026, 0, 1);
  const [message] = rows(CHAT, ["1,1723161240000,s,c,u,n,hi,Kappa"]);
  assert.ok(!isFault(checkEvent(chatEvents, { value: message, appendTimeMs })));
  const [good, bad] = rows(
    TRADES,
    ["1,1723161240000,s,X,7,61837.63000000,1,buy", "1,1723161240000,s,X,7.5,1,1,buy"],
    trades,
  );
  assert.ok(!isFault(checkEvent(tradeEvents, { value: good, appendTimeMs })));
  assert.deepEqual((good as { price: string; trade_id: number }).price, "61837.63000000");
  const fault = checkEvent(tradeEvents, { value: bad, appendTimeMs });
  assert.ok(isFault(fault) && fault.path === "trade_id");
});

Deno.test("quoted cells hold delimiters, line breaks and doubled quotes", () => {
  assert.deepEqual(
    rows(CHAT, [
      START + '"a,b\r\n""c"" d",',
      START + '"",""',
      START + 'say "hi",',
    ]),
    [row({ message: 'a,b\r\n"c" d' }), row({ message: "" }), row({ message: 'say "hi"' })],
  );
});

Deno.test("columns come in any order and case, further ones pass as text", () => {
  assert.deepEqual(
    rows('\ufeff Emotes ,"MESSAGE",username,user_id,stream_id,source,timestamp,event_id,Level,\r', [
      ",hi,n,u,c,s,2024-08-08T23:54:00.000Z,1,12,x\r",
    ]),
    [row({ level: "12", column_10: "x" })],
  );
});

Deno.test("tabs and semicolons are recognised by the header", () => {
  for (const delimiter of ["\t", ";", "|"]) {
    const cells = ["1", "2024-08-08T23:54:00.000Z", "s", "c", "u", "n", "a, b", ""];
    assert.deepEqual(rows(CHAT.replaceAll(",", delimiter), [cells.join(delimiter)]), [row({ message: "a, b" })]);
  }
});

Deno.test("rows that do not fit the header are dead, blank ones are ignored", () => {
  assert.deepEqual(
    rows(CHAT, [START + "hi", START + "hi,,more", START + '"hi,', START + '"hi"x,', "", "\r", "x".repeat(1_048_577)]),
    [["schema", ""], ["schema", ""], ["schema", ""], ["schema", ""], "blank", "blank", ["too_large", ""]],
  );
});

Deno.test("a wrong number of cells names the numbers and the fix", () => {
  const decode = chat.recorded!.decoder("csv");
  decode(CHAT);
  const decoded = decode(START + "a,b,c");
  assert.ok(decoded.kind === "dead");
  assert.match(decoded.fault.message, /expected 8 cells as in the header, found 9; put quotes around/);
});

Deno.test("blank lines may stand before the header", () => {
  const decode = chat.recorded!.decoder("csv");
  assert.deepEqual(decode(""), { kind: "ignored", ignoredKind: "blank" });
  assert.deepEqual(decode(CHAT), { kind: "ignored", ignoredKind: "header" });
});

Deno.test("a header without a needed column, or with one twice, is an error of the call", () => {
  const cases: readonly [string, RegExp][] = [
    ["ts_utc,user,message", /missing: timestamp, stream_id, user_id .*ts_utc/],
    [CHAT + ",Message", /names message twice/],
    [CHAT + ',"open', /quote that opens cell 9 is not closed/],
  ];
  for (const [header, message] of cases) {
    assert.throws(
      () => chat.recorded!.decoder("csv")(header),
      (error) =>
        error instanceof UserError && error.code === "usage" && message.test(error.message) && error.fix !== "",
      header,
    );
  }
});
