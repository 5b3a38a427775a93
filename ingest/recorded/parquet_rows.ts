/**
 * The rows of a Parquet file as JSON texts, row group by row group: decimals as exact texts, times as ISO 8601, a null
 * as a name that is missing.
 * @module
 */
import { Buffer } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { formatScaled } from "../../core/decimal.ts";
import { messageOf, UserError } from "../../core/errors.ts";
import { printable } from "../../core/text.ts";
import { formatTime } from "../../core/time.ts";
import { unreadable } from "./open_bytes.ts";

/** Rows that come out in one portion. */
const PORTION_ROWS = 2_000;

/** Snappy is hyparquet's own; LZ4 is left out, since nothing that the runtime brings unpacks it. */
const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
};

/**
 * The rows after the first `startAfter`, in portions. At most the columns of one row group are held.
 *
 * @throws {UserError} when the file cannot be read as Parquet.
 */
export async function* parquetRows(path: string, { startAfter = 0 } = {}): AsyncGenerator<string[]> {
  const handle = await open(path).catch((error) => Promise.reject(unreadable(path, error)));
  try {
    yield* rowsOf(await bufferOf(handle), startAfter);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("usage", {
      cause: `Cannot read ${path} as Parquet: ${printable(messageOf(error), 200)}`,
      fix: /codec/.test(messageOf(error))
        ? "Write it anew, uncompressed or packed with snappy, gzip, zstd or brotli."
        : "Fetch or make the file again.",
    }, { cause: error });
  } finally {
    await handle.close();
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const buffer = Buffer.alloc(end - start);
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
        if (bytesRead === 0) throw new Error("it ends too early");
        filled += bytesRead;
      }
      return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
    },
  };
}

async function* rowsOf(file: AsyncBuffer, startAfter: number): AsyncGenerator<string[]> {
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map(columnOf);
  const scan = await parquetScan({ file, metadata: withoutDecimals(metadata), compressors, utf8: false });
  for (const { rowStart, rowEnd } of scan.ranges) {
    if (rowEnd <= startAfter) continue;
    const data = await Promise.all(columns.map(({ name }) => scan.readColumn({ column: name, rowStart, rowEnd })));
    for (let from = Math.max(rowStart, startAfter); from < rowEnd; from += PORTION_ROWS) {
      const until = Math.min(from + PORTION_ROWS, rowEnd);
      const portion: string[] = [];
      for (let row = from; row < until; row++) portion.push(rowText(columns, data, row - rowStart));
      yield portion;
    }
  }
}

/** A column with how its values become JSON. */
interface Column {
  readonly name: string;
  readonly convert: (value: unknown) => unknown;
}

function rowText(columns: readonly Column[], data: readonly ArrayLike<unknown>[], at: number): string {
  const row: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) {
    const value = data[i]![at];
    if (value !== null && value !== undefined) row[columns[i]!.name] = columns[i]!.convert(value);
  }
  return JSON.stringify(row);
}

/** hyparquet makes floats of decimals; without their annotation it gives their whole numbers as they stand. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") return element;
    const { converted_type: _, logical_type: __, ...bare } = element;
    return bare;
  });
  return { ...metadata, schema };
}

function columnOf({ element, children }: SchemaTree): Column {
  const { name, converted_type: converted, logical_type: logical, scale = 0 } = element;
  if (children.length > 0) return { name, convert: plain };
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") {
    return { name, convert: (value) => formatScaled(wholeOf(value), scale) };
  }
  if (converted === "DATE" || logical?.type === "DATE") {
    return { name, convert: (value) => (value instanceof Date ? isoOf(value).slice(0, 10) : plain(value)) };
  }
  // Such a time belongs to no zone, as one that a table writes without a zone.
  const local = logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC;
  return { name, convert: (value) => (local && value instanceof Date ? isoOf(value).slice(0, -1) : plain(value)) };
}

/** A decimal's whole number: big-endian two's complement where it is bytes. */
function wholeOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  const hex = Buffer.from(value).toString("hex");
  return hex === "" ? 0n : BigInt.asIntN(8 * value.length, BigInt(`0x${hex}`));
}

const isoOf = (time: Date): string => (Number.isNaN(time.getTime()) ? "" : formatTime(time.getTime()));

const utf8 = new TextDecoder();

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return isoOf(value);
  if (value instanceof Uint8Array) return utf8.decode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  }
  return value;
}
