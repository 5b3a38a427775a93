/**
 * Export as Parquet: one row group a portion, times as timestamp(ms, UTC), decimals as decimal(38, 8), JSON as JSON.
 * @module
 */
import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { DECIMAL_SCALE, parseScaled } from "../../core/decimal.ts";
import type { ColumnSpec, ColumnType, TableRows } from "../../core/ports.ts";

interface ColumnForm {
  readonly element: Omit<SchemaElement, "name" | "repetition_type">;
  /** The value as the writer takes it. */
  readonly convert: (value: unknown) => unknown;
}

const forms: Readonly<Record<ColumnType, ColumnForm>> = {
  text: { element: { type: "BYTE_ARRAY", converted_type: "UTF8" }, convert: String },
  json: { element: { type: "BYTE_ARRAY", converted_type: "JSON" }, convert: (value) => value },
  bigint: { element: { type: "INT64" }, convert: (value) => BigInt(value as number) },
  "double precision": { element: { type: "DOUBLE" }, convert: Number },
  timestamptz: {
    element: {
      type: "INT64",
      converted_type: "TIMESTAMP_MILLIS",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
    },
    convert: (value) => new Date(value as number),
  },
  numeric: {
    element: {
      type: "FIXED_LEN_BYTE_ARRAY",
      type_length: 16,
      converted_type: "DECIMAL",
      precision: 38,
      scale: DECIMAL_SCALE,
    },
    convert: (value) => BigInt(parseScaled(String(value), DECIMAL_SCALE)),
  },
};

/** The bytes of a Parquet file. */
export async function* parquetBytes(
  columns: readonly ColumnSpec[],
  portions: AsyncIterable<TableRows["rows"]>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type }): SchemaElement => ({ name, repetition_type: "OPTIONAL", ...forms[type].element })),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema });
  for await (const rows of portions) {
    if (rows.length === 0) continue;
    const columnData = columns.map(({ name, type }, i) => ({
      name,
      data: rows.map((row) => (row[i] === null || row[i] === undefined ? undefined : forms[type].convert(row[i]))),
    }));
    await writer.write({ columnData, rowGroupSize: rows.length });
    yield taken(bytes);
  }
  writer.finish();
  yield taken(bytes);
}

/** What was written since the last time; the offset in the file goes on. */
function taken(bytes: ByteWriter): Uint8Array {
  const copy = bytes.getBytes().slice();
  bytes.index = 0;
  return copy;
}
