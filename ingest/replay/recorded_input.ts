/**
 * A recorded file as it is going to be read: what it is, through which source, with which mapping.
 * @module
 */
import { basename } from "node:path";
import { UserError } from "../../core/errors.ts";
import { fingerprintOf } from "../recorded/fingerprint.ts";
import { type RecordedForm, recordedFormOf } from "../recorded/recorded_form.ts";
import type { Decode, FieldMapping, Source } from "../source.ts";

/** A file to read. */
export interface RecordedInput extends RecordedForm {
  readonly path: string;
  /** Name without its folder. */
  readonly name: string;
  readonly fingerprint: string;
  readonly source: Source;
  readonly mapping: FieldMapping | null;
}

/** How the user wants files to be read. */
export interface ReadingOptions {
  readonly source: Source;
  /** How fields are made of columns; null: the events are canonical. */
  readonly mapping?: FieldMapping | null;
  /** Encoding by the user's word; null = found out. */
  readonly encoding?: string | null;
}

/**
 * Looks at a file.
 *
 * @throws {UserError} when it cannot be read, or not in this way.
 */
export async function recordedInput(
  path: string,
  { source, mapping = null, encoding = null }: ReadingOptions,
): Promise<RecordedInput> {
  const { recorded, name } = source;
  if (recorded === undefined) {
    throw new UserError("usage", {
      cause: `Cannot replay through source ${name}: it has no recorded form`,
      fix: "use a source that reads recorded input, such as twitch, binance, chat or trades",
    });
  }
  if (mapping !== null && recorded.form !== "table") {
    throw new UserError("usage", {
      cause: `Cannot map columns for source ${name}: it reads frames, which have none`,
      fix:
        "leave --map, --set, --columns, --timezone and --scale out, or use a source of canonical events such as chat",
    });
  }
  const form = await recordedFormOf(path, { form: recorded.form, encoding });
  if (mapping?.columns && form.format !== "csv") {
    throw new UserError("usage", {
      cause: `Cannot name columns of ${path}: it is no CSV table`,
      fix: "leave --columns out; JSON and Parquet bring the names of their members",
    });
  }
  return { ...form, path, name: basename(path), fingerprint: await fingerprintOf(path), source, mapping };
}

/** A decoder of the file's records. */
export function decoderOf({ source, format, name, fingerprint, mapping }: RecordedInput): Decode {
  return source.recorded!.decoder(format, { name, fingerprint, mapping });
}

/** Whether the first record is a header. */
export const hasHeader = ({ format, mapping }: RecordedInput): boolean =>
  format === "csv" && (mapping === null || mapping.columns === null);
