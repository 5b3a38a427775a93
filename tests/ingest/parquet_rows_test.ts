/**
 * Parquet as others write it: read row group by row group, each row as the text of a JSON object.
 */
import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { exportFormats } from "../../cli/export/formats.ts";
import { UserError } from "../../core/errors.ts";
import { parquetRows } from "../../ingest/recorded/parquet_rows.ts";
import { inTempFolder } from "../support/temp_folder.ts";

async function rows(path: string, startAfter = 0): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const portion of parquetRows(path, { startAfter })) {
    for (const text of portion) found.push(JSON.parse(text));
  }
  return found;
}

Deno.test("values keep what they are: exact decimals, times, dates, lists; a null is absent", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/t.parquet`;
    const columns = [
      { name: "price", type: "numeric" },
      { name: "at", type: "timestamptz" },
      { name: "n", type: "bigint" },
      { name: "emotes", type: "json" },
      { name: "text", type: "text" },
    ] as const;
    const at = Date.UTC(2024, 7, 8, 23, 54, 0, 7);
    const portions = ReadableStream.from([
      [["61837.63000001", at, 12, ["Kappa"], "grüße"]],
      [["0.1", null, Number.MAX_SAFE_INTEGER, [], null]],
    ]);
    await Deno.writeFile(path, ReadableStream.from(exportFormats.parquet!(columns, portions)));
    assert.deepEqual(await rows(path), [
      { price: "61837.63000001", at: "2024-08-08T23:54:00.007Z", n: 12, emotes: ["Kappa"], text: "grüße" },
      { price: "0.1", n: Number.MAX_SAFE_INTEGER, emotes: [] },
    ]);
  }));

Deno.test("times that belong to no zone, dates, raw bytes, floats and large whole numbers", () =>
  inTempFolder(async (folder) => {
    const file = parquetWriteBuffer({
      schema: [
        { name: "root", num_children: 5 },
        {
          name: "local",
          type: "INT64",
          repetition_type: "OPTIONAL",
          logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MILLIS" },
        },
        { name: "day", type: "INT32", repetition_type: "OPTIONAL", converted_type: "DATE" },
        { name: "raw", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
        { name: "float", type: "DOUBLE", repetition_type: "OPTIONAL" },
        { name: "big", type: "INT64", repetition_type: "OPTIONAL" },
      ],
      columnData: [
        { name: "local", data: [BigInt(Date.UTC(2024, 0, 1, 9, 30))] },
        { name: "day", data: [new Date(Date.UTC(2024, 1, 29))] },
        { name: "raw", data: [new TextEncoder().encode("bytes")] },
        { name: "float", data: [1.5] },
        { name: "big", data: [9_007_199_254_740_993n] },
      ],
    });
    await Deno.writeFile(`${folder}/t`, new Uint8Array(file));
    assert.deepEqual(await rows(`${folder}/t`), [
      { local: "2024-01-01T09:30:00.000", day: "2024-02-29", raw: "bytes", float: 1.5, big: "9007199254740993" },
    ]);
  }));

Deno.test("reading goes on after the rows that were read before, over row groups of any packing", () =>
  inTempFolder(async (folder) => {
    const ids = Array.from({ length: 25_000 }, (_, i) => `e${i}`);
    const packings = {
      UNCOMPRESSED: undefined,
      SNAPPY: undefined,
      GZIP: (input: Uint8Array) => gzipSync(input),
      ZSTD: (input: Uint8Array) => zstdCompressSync(input),
    };
    for (const [codec, packing] of Object.entries(packings)) {
      const file = parquetWriteBuffer({
        columnData: [{ name: "id", data: ids, type: "STRING" }],
        rowGroupSize: 10_000,
        codec: codec as keyof typeof packings,
        ...(packing === undefined ? {} : { compressors: { [codec]: packing } }),
      });
      await Deno.writeFile(`${folder}/t`, new Uint8Array(file));
      for (const startAfter of [0, 1, 9_999, 10_000, 24_999, 25_000]) {
        const found = await rows(`${folder}/t`, startAfter);
        assert.deepEqual(found, ids.slice(startAfter).map((id) => ({ id })), `${codec} after ${startAfter}`);
      }
    }
  }));

Deno.test("a file that is no whole Parquet file is an error that names it", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/t.parquet`;
    const file = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "id", data: ["a"], type: "STRING" }] }));
    for (const content of [file.subarray(0, file.length - 3), file.subarray(0, 4)]) {
      await Deno.writeFile(path, content);
      await assert.rejects(rows(path), (error) => error instanceof UserError && error.message.includes(path));
    }
  }));
