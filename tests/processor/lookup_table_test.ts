/**
 * The table of a lookup: what may be forgotten changes no answer, and it is bounded.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type AsOf, LookupTable, type RowVersion } from "../../processor/engine/lookup_table.ts";

const KEYS = ["a", "b"];

type Step =
  | { readonly kind: "put"; readonly key: number; readonly version: RowVersion }
  | { readonly kind: "ask"; readonly key: number; readonly asOf: AsOf }
  | { readonly kind: "forget"; readonly below: AsOf };

const time = fc.nat({ max: 40 });
const asOf = fc.record({ eventTimeMs: time, appendTimeMs: time });
const key = fc.nat({ max: KEYS.length - 1 });
const version = fc.record({
  eventTimeMs: time,
  id: fc.constantFrom("", "1", "2"),
  appendTimeMs: time,
  fields: fc.oneof(fc.constant(null), fc.record({ n: fc.nat() })),
  partition: fc.nat({ max: 1 }),
  offset: fc.nat({ max: 100 }),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("put" as const), key, version }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("ask" as const), key, asOf }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const), below: asOf }) },
  ),
  { maxLength: 80, size: "max" },
);

Deno.test("an answer is the latest visible row of all that were ever put, whatever could be forgotten since", () => {
  let forgotten = 0;
  fc.assert(
    fc.property(steps, (all) => {
      const table = new LookupTable({ rowsMax: 1_000, sweepRowsMin: 3 });
      const put: { key: number; version: RowVersion }[] = [];
      let floor: AsOf = { eventTimeMs: 0, appendTimeMs: 0 };
      for (const step of all) {
        if (step.kind === "put") {
          const { version: { eventTimeMs, id } } = step;
          const isThere = put.some((one) =>
            one.key === step.key && one.version.eventTimeMs === eventTimeMs && one.version.id === id
          );
          if (!isThere) put.push(step);
          table.put(KEYS[step.key]!, step.version);
        } else if (step.kind === "forget") {
          floor = {
            eventTimeMs: Math.max(floor.eventTimeMs, step.below.eventTimeMs),
            appendTimeMs: Math.max(floor.appendTimeMs, step.below.appendTimeMs),
          };
          table.forgetBelow(floor);
        } else {
          const at = {
            eventTimeMs: Math.max(floor.eventTimeMs, step.asOf.eventTimeMs),
            appendTimeMs: Math.max(floor.appendTimeMs, step.asOf.appendTimeMs),
          };
          const visible = put.filter(({ key: of, version: row }) =>
            of === step.key && row.eventTimeMs <= at.eventTimeMs && row.appendTimeMs <= at.appendTimeMs
          ).map(({ version: row }) => row);
          visible.sort((a, b) => a.eventTimeMs - b.eventTimeMs || (a.id < b.id ? -1 : 1));
          assert.deepEqual(table.find(KEYS[step.key]!, at), visible.at(-1)?.fields ?? null);
        }
      }
      if (table.rows < put.length) forgotten++;
      assert.equal(table.dropped, 0);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(forgotten > 200, `rows were forgotten in ${forgotten} histories only`);
});

Deno.test("with more rows than there is room for, the keys that changed least recently go, and are counted", () => {
  const table = new LookupTable({ rowsMax: 80, sweepRowsMin: 10 });
  const put = (name: string, eventTimeMs: number) =>
    table.put(name, {
      eventTimeMs,
      id: String(eventTimeMs),
      appendTimeMs: 0,
      fields: { eventTimeMs },
      partition: 0,
      offset: 0,
    });
  put("old", 0);
  put("kept", 1);
  for (let i = 0; i < 78; i++) put(`key ${i}`, 2 + i);
  put("kept", 200);
  assert.deepEqual([table.rows, table.dropped], [70, 11]);
  const latest = { eventTimeMs: Infinity, appendTimeMs: Infinity };
  assert.equal(table.find("old", latest), null);
  assert.deepEqual(table.find("kept", latest), { eventTimeMs: 200 });
});

Deno.test("a row is late once, whether it was known when it was passed over or came afterwards", () => {
  const table = new LookupTable({ rowsMax: 10 });
  const row = (eventTimeMs: number, appendTimeMs: number) => ({
    eventTimeMs,
    id: "1",
    appendTimeMs,
    fields: {},
    partition: 0,
    offset: 0,
  });
  table.put("a", row(5, 100));
  table.find("a", { eventTimeMs: 10, appendTimeMs: 50 });
  table.find("a", { eventTimeMs: 10, appendTimeMs: 50 });
  assert.equal(table.late, 1);
  table.put("a", row(10, 110));
  table.put("a", row(11, 110));
  assert.equal(table.late, 2);
});

Deno.test("needed are, by partition, the rows in effect and those after the horizon", () => {
  const table = new LookupTable({ rowsMax: 100 });
  const row = (eventTimeMs: number, offset: number, partition = 0) => ({
    ...{ eventTimeMs, id: "1", appendTimeMs: eventTimeMs, fields: {}, partition, offset },
  });
  for (
    const [name, version] of [["a", row(1, 10)], ["a", row(5, 11)], ["a", row(9, 12)], ["b", row(2, 3, 1)]] as const
  ) {
    table.put(name, version);
  }
  assert.deepEqual([...table.neededOffsets()], [[0, 10], [1, 3]]);
  table.forgetBelow({ eventTimeMs: 6, appendTimeMs: 6 });
  assert.deepEqual([...table.neededOffsets()], [[0, 11], [1, 3]]);
  assert.equal(table.rows, 3);
});
