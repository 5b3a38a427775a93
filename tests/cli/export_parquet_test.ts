/**
 * Parquet files, read back with hyparquet: what other tools get to see.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { exportFormats } from "../../cli/export/formats.ts";
import type { ColumnSpec, ColumnType } from "../../core/ports.ts";

const column = (name: string, type: ColumnType): ColumnSpec => ({ name, type });

const columns = [
  column("key", "text"),
  column("at", "timestamptz"),
  column("n", "bigint"),
  column("score", "double precision"),
  column("price", "numeric"),
  column("top", "json"),
];

async function fileOf(...portions: unknown[][][]): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for await (const bytes of exportFormats.parquet!(columns, ReadableStream.from(portions))) parts.push(bytes);
  return await new Blob(parts as BlobPart[]).arrayBuffer();
}

const elementOf = ({ schema }: FileMetaData, name: string) => schema.find((element) => element.name === name)!;

/** The decimals of a file as whole numbers of 10^-8, since the reader makes floats of them. */
async function decimalsOf(file: ArrayBuffer): Promise<(bigint | null)[]> {
  const metadata = parquetMetadata(file);
  delete elementOf(metadata, "price").converted_type;
  delete elementOf(metadata, "price").logical_type;
  const rows = await parquetReadObjects({ file, metadata, columns: ["price"], utf8: false });
  return rows.map(({ price }) => {
    if (price === null || price === undefined) return null;
    const hex = [...price as Uint8Array].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return BigInt.asIntN(128, BigInt(`0x${hex}`));
  });
}

Deno.test("Parquet: texts, times, whole numbers, floats, decimals, JSON and nulls read back", async () => {
  const top = [{ emote: "Kappa", count: 3 }];
  const file = await fileOf([
    ["a, “b”", Date.UTC(2024, 7, 8, 23, 54, 0, 7), 12, 1e-7, "61837.63", top],
    ["", -1, -3, -2.5, "0.00000001", []],
    [null, null, null, null, null, null],
  ]);
  const [first, second, third] = await parquetReadObjects({ file });
  assert.equal(first!.key, "a, “b”");
  assert.deepEqual(first!.at, new Date("2024-08-08T23:54:00.007Z"));
  assert.deepEqual([first!.n, first!.score, first!.top], [12n, 1e-7, top]);
  assert.deepEqual([second!.key, second!.n, second!.score, second!.top], ["", -3n, -2.5, []]);
  assert.deepEqual(second!.at, new Date("1969-12-31T23:59:59.999Z"));
  for (const { name } of columns) assert.equal(third![name] ?? null, null, name);
  assert.deepEqual(await decimalsOf(file), [6_183_763_000_000n, 1n, null]);
});

Deno.test("Parquet: times are timestamp(ms, UTC) and decimals are decimal(38, 8)", async () => {
  const metadata = parquetMetadata(await fileOf([["a", 0, 1, 1, "1", null]]));
  const at = elementOf(metadata, "at");
  assert.equal(at.converted_type, "TIMESTAMP_MILLIS");
  assert.deepEqual(at.logical_type, { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" });
  const { converted_type, precision, scale } = elementOf(metadata, "price");
  assert.deepEqual([converted_type, precision, scale], ["DECIMAL", 38, 8]);
  assert.deepEqual(metadata.schema.slice(1).map(({ name }) => name), columns.map(({ name }) => name));
});

Deno.test("Parquet: each portion is a row group, and the rows keep their order over all of them", async () => {
  const portion = (from: number) => Array.from({ length: 3 }, (_, i) => [`k${from + i}`, 0, from + i, 0, "1", null]);
  const file = await fileOf(portion(0), [], portion(3), portion(6));
  assert.equal(parquetMetadata(file).row_groups.length, 3);
  const read = await parquetReadObjects({ file });
  assert.deepEqual(read.map(({ n }) => Number(n)), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("Parquet: a table without rows is a file without rows", async () => {
  const file = await fileOf();
  assert.equal(Number(parquetMetadata(file).num_rows), 0);
  assert.deepEqual(await parquetReadObjects({ file }), []);
});

const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }), fc.nat({ max: 8 }));

Deno.test("Parquet: decimals of any size are exact", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(decimal, { minLength: 1, maxLength: 20 }), async (decimals) => {
      const texts = decimals.map(([whole, digits]) => `${whole}.${"12345678".slice(0, digits)}0`);
      const file = await fileOf(texts.map((text, i) => ["k", 0, i, 0, text, null]));
      const expected = decimals.map(([whole, digits]) =>
        BigInt(`${whole}${"12345678".slice(0, digits).padEnd(8, "0")}`)
      );
      assert.deepEqual(await decimalsOf(file), expected);
    }),
    { numRuns: 30 },
  );
});
