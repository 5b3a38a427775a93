/**
 * What a recorded file is: lines, a CSV table, JSON values or Parquet, and how its text is encoded, by what it holds and
 * only where that leaves it open by its name.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import type { RecordedFormat } from "../source.ts";
import { isParquet, openBytes } from "./open_bytes.ts";

/** How a file is to be read. */
export interface RecordedForm {
  readonly format: RecordedFormat;
  /** Label of the text's encoding, as TextDecoder takes it. */
  readonly encoding: string;
  /** What people should know of the choice. */
  readonly note: string | null;
}

/** What decides how a file is read beside what it holds. */
export interface FormOptions {
  /**
   * `lines`, `json`: each line or JSON value is a frame, whatever the file looks like; `table`: one of the four formats;
   * `text`, `csv`: lines that people wrote, or a CSV table, whatever it looks like.
   */
  readonly form: "lines" | "json" | "table" | "text" | "csv";
  /** Encoding by the user's word; null = found out. */
  readonly encoding?: string | null;
}

/** Bytes that are looked at. */
const SAMPLE_BYTES = 65_536;

/** What is read of a file, for who names a Parquet file instead. */
const wanted = {
  lines: ["this source reads lines", "use a source of canonical events, such as chat or trades"],
  json: ["this source reads JSON", "use a source of canonical events, such as chat or trades"],
  text: ["lines of text are read here", "write its texts to a text or a CSV file first"],
  csv: ["a CSV table is read here", "write it as CSV first"],
} as const;

/**
 * Looks at the beginning of a file. A byte order mark says its encoding; else it is UTF-8, or for a CSV table or a text
 * that is not, Windows-1252, or UTF-16 where every other byte is 0.
 *
 * @throws {UserError} when the file cannot be read, or is of a kind that cannot be replayed.
 */
export async function recordedFormOf(path: string, { form, encoding = null }: FormOptions): Promise<RecordedForm> {
  const sample = await sampleOf(path);
  if (isParquet(sample)) {
    if (form === "table") return { format: "parquet", encoding: "utf-8", note: null };
    const [what, fix] = wanted[form];
    throw new UserError("usage", { cause: `Cannot read ${path}: it is a Parquet file, and ${what}`, fix });
  }
  const found = encoding ?? markedEncoding(sample) ?? unmarkedUtf16(sample);
  if (form === "lines" || form === "json") return { format: form, encoding: found ?? "utf-8", note: null };
  const text = new TextDecoder(found ?? "utf-8").decode(sample, { stream: true });
  const format = form === "table" ? formatOf(text, path) : form === "csv" ? "csv" : "lines";
  const isPlain = format === "csv" || form === "text";
  if (isPlain && /\r(?!\n)/.test(text) && !text.includes("\n")) {
    throw new UserError("usage", {
      cause: `Cannot read ${path}: its lines end with a carriage return alone`,
      fix: `write it with line feeds first: tr '\\r' '\\n' < FILE > FILE.csv`,
    });
  }
  if (found !== undefined || !isPlain || !isForeign(sample)) {
    return { format, encoding: found ?? "utf-8", note: null };
  }
  const note = `${path} is not UTF-8 and is read as Windows-1252; --encoding names another`;
  return { format, encoding: "windows-1252", note };
}

async function sampleOf(path: string): Promise<Uint8Array> {
  const sample = new Uint8Array(SAMPLE_BYTES);
  let length = 0;
  for await (const chunk of openBytes(path)) {
    const part = chunk.subarray(0, SAMPLE_BYTES - length);
    sample.set(part, length);
    length += part.length;
    if (length === SAMPLE_BYTES) break;
  }
  return sample.subarray(0, length);
}

function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
}

/** Text of mostly Latin letters in UTF-16 has a zero in every other byte, which no other encoding has. */
function unmarkedUtf16(sample: Uint8Array): string | undefined {
  const pairs = Math.min(sample.length, 1_024) >> 1;
  if (pairs < 8) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < 2 * pairs; i++) if (sample[i] === 0) zeros[i % 2]!++;
  if (zeros[1]! > 0.6 * pairs && zeros[0]! < 0.1 * pairs) return "utf-16le";
  return zeros[0]! > 0.6 * pairs && zeros[1]! < 0.1 * pairs ? "utf-16be" : undefined;
}

/** Whether bytes beyond ASCII are there, and none of them is UTF-8: one damaged byte makes no other encoding. */
function isForeign(sample: Uint8Array): boolean {
  const text = new TextDecoder().decode(sample, { stream: true });
  // deno-lint-ignore no-control-regex
  return text.includes("\ufffd") && !/[^\x00-\x7f\ufffd]/.test(text);
}

/** Lines that are looked at for a whole JSON object. */
const SAMPLE_LINES = 20;

function formatOf(sample: string, path: string): RecordedFormat {
  const name = path.replace(/\.(gz|zst|zstd)$/i, "");
  if (/\.(jsonl|ndjson)$/i.test(name)) return "lines";
  const isTable = /\.[ct]sv$/i.test(name);
  const text = sample.trimStart();
  if (text.startsWith("[") && (!isTable || /^\[\s*(\{|\]|$)/.test(text))) return "json";
  if (text.startsWith("{")) return hasObjectLine(text) ? "lines" : "json";
  if (isTable) return "csv";
  // Without a name that says it: what is no JSON is taken for a table.
  return text === "" || /\.json$/i.test(name) ? "lines" : "csv";
}

/** Whether a line is a whole JSON object; the first one may be longer than the sample. */
function hasObjectLine(text: string): boolean {
  const lines = text.split("\n", SAMPLE_LINES + 1);
  if (lines.length === 1) return true;
  return lines.slice(0, SAMPLE_LINES).some((line) => line.startsWith("{") && isJson(line));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
