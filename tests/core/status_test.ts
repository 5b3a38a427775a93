/**
 * What several processors or connections of one process tell, as one.
 */
import assert from "node:assert/strict";
import { type LookupStatus, type ProcessorStatus, sumOfStatuses, sumOfTroubles } from "../../core/status.ts";

const lookup = (topic: string, rows: number): LookupStatus => ({
  lookup: "category_of",
  topic,
  rows,
  missed: rows + 1,
  lateRows: 0,
  failedRows: 2,
  droppedRows: 0,
});

const status = (records: number, more: Partial<ProcessorStatus> = {}): ProcessorStatus => ({
  records,
  lagRecords: 10,
  partitions: [],
  restarts: 1,
  ...more,
});

Deno.test("processors of one process count together, and each lookup is told of once", () => {
  const partition = {
    pipeline: "chat",
    topic: "t",
    partition: 0,
    nextOffset: 5,
    endOffset: 9,
    watermarkMs: null,
    unenriched: 0,
  };
  const first = status(3, { lookups: [lookup("a", 1), lookup("b", 5)], partitions: [partition] });
  const second = status(4, { lookups: [lookup("a", 2)], partitions: [{ ...partition, partition: 1 }] });
  const sum = sumOfStatuses([first, second]);
  assert.deepEqual([sum.records, sum.lagRecords, sum.restarts], [7, 20, 2]);
  assert.deepEqual(sum.partitions.map(({ partition }) => partition), [0, 1]);
  assert.deepEqual(sum.lookups, [{ ...lookup("a", 3), missed: 5, failedRows: 4 }, lookup("b", 5)]);
  assert.equal(
    "lookups" in sumOfStatuses([status(1), status(2)]),
    false,
    "where there are none nothing is told of them",
  );
});

Deno.test("troubles of several connections with one store are one number a kind", () => {
  const retries = { store: "tables", kind: "retries", times: 2 } as const;
  assert.deepEqual(sumOfTroubles([retries, { ...retries, kind: "given_up" }, { ...retries, times: 3 }]), [
    { ...retries, times: 5 },
    { ...retries, kind: "given_up" },
  ]);
});
