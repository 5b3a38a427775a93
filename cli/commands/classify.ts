/**
 * `classify FILE --to OUT [--column NAME] [--encoding NAME]`: scores lines of text, or a column of a CSV, with sentiment and
 * toxicity. OUT is a CSV, or JSONL by its extension; both keep the order of the input, one row for each line.
 * @module
 */
import { exitCodes, UserError } from "../../core/errors.ts";
import { printableNames } from "../../core/text.ts";
import { csvCells, delimiterOf } from "../../ingest/recorded/csv_cells.ts";
import { readRecords } from "../../ingest/recorded/open_lines.ts";
import { type RecordedForm, recordedFormOf } from "../../ingest/recorded/recorded_form.ts";
import { scoreSentiment } from "../../processor/enrichers/sentiment_score.ts";
import { loadToxicityModel } from "../../processor/enrichers/toxicity.ts";
import { parseCall, userPath } from "../arguments.ts";
import { encodingOf } from "../mapping_options.ts";
import { isSameFile, writeOutput } from "../output_file.ts";
import { interruption, say, showProgress } from "../terminal.ts";

const FIX = "tidemark classify FILE --to OUT.csv|OUT.jsonl [--column NAME] [--encoding NAME]";

/** A scored text. */
interface Scored {
  readonly text: string;
  readonly sentiment: number;
  readonly toxicity: number;
}

/** Runs the command; exit code. */
export async function classify(args: readonly string[]): Promise<number> {
  const call = parseCall(args, {
    command: "classify",
    options: { to: "string", column: "string", encoding: "string" },
    words: true,
  });
  const [file] = call.words;
  const to = call.text("to");
  if (file === undefined || to === undefined || call.words.length > 1) {
    throw new UserError("usage", { cause: "Cannot classify: a file and where to write are needed", fix: FIX });
  }
  const [from, target] = [userPath(file), userPath(to)];
  if (await isSameFile(from, target)) {
    throw new UserError("usage", { cause: `Cannot classify ${file}: it would be overwritten`, fix: FIX });
  }
  const column = call.text("column");
  const form = await recordedFormOf(from, { form: column === undefined ? "text" : "csv", encoding: encodingOf(call) });
  if (form.note !== null) say(form.note);
  const texts = textsOf(from, { column, form });
  // The first portion shows whether the file can be read, before the output is made.
  const first = await texts.next();
  const counts: Counts = { texts: 0, unreadable: 0 };
  using signal = interruption();
  const rows = scoredRows({ first, texts }, { asJson: /\.jsonl$/i.test(to), counts });
  if (!await writeOutput(target, rows, signal)) {
    say(`interrupted before ${to} was whole`);
    return exitCodes.interrupted;
  }
  const left = counts.unreadable === 0 ? "" : `; ${counts.unreadable} rows left out: their cells cannot be told apart`;
  say(`${counts.texts} texts scored in ${to}${left}`);
  return 0;
}

/** How many texts were scored, and how many rows left out. */
interface Counts {
  texts: number;
  unreadable: number;
}

type Texts = AsyncGenerator<(string | null)[], undefined>;

/** The output in portions, with its header. */
async function* scoredRows(
  { first, texts }: { first: Awaited<ReturnType<Texts["next"]>>; texts: Texts },
  { asJson, counts }: { asJson: boolean; counts: Counts },
): AsyncGenerator<string> {
  using model = await loadToxicityModel();
  const row = asJson ? (scored: Scored) => JSON.stringify(scored) : csvRow;
  if (!asJson) yield "text,sentiment,toxicity\n";
  for (let portion = first; !portion.done; portion = await texts.next()) {
    const readable = portion.value.filter((text) => text !== null);
    counts.unreadable += portion.value.length - readable.length;
    counts.texts += readable.length;
    const toxicity = model.score(readable);
    const rows = readable.map((text, i) =>
      row({ text, sentiment: figure(scoreSentiment(text)), toxicity: figure(toxicity[i]!) })
    );
    yield rows.map((line) => line + "\n").join("");
    showProgress(`${counts.texts} texts`);
  }
}

/** The texts of a file in portions: its lines, or the cells of a column; null for a row that cannot be read. */
async function* textsOf(
  path: string,
  { column, form }: { column: string | undefined; form: RecordedForm },
): Texts {
  if (column === undefined) {
    yield* readRecords(path, form);
    return;
  }
  let table: { delimiter: string; at: number } | undefined;
  for await (const records of readRecords(path, form)) {
    const rows = table === undefined ? records.slice(1) : records;
    table ??= findColumn(records[0] ?? "", { column, path });
    const { delimiter, at } = table;
    yield rows.map((record) => {
      const cells = csvCells(record, delimiter);
      return typeof cells === "string" ? null : cells[at] ?? null;
    });
  }
  if (table === undefined) {
    throw new UserError("usage", { cause: `Cannot classify ${path}: it is empty`, fix: "name a CSV with a header" });
  }
}

function findColumn(
  header: string,
  { column, path }: { column: string; path: string },
): { delimiter: string; at: number } {
  const delimiter = delimiterOf(header);
  const cells = csvCells(header, delimiter);
  const names = typeof cells === "string" ? [] : cells.map((name) => name.trim());
  const at = names.indexOf(column);
  if (at >= 0) return { delimiter, at };
  throw new UserError("usage", {
    cause: `Cannot classify ${path}: it has no column "${column}"`,
    fix: names.length === 0 ? "name a CSV with a header" : `its columns are ${printableNames(names)}`,
  });
}

/** Four digits: more would only show the order in which numbers were added. */
const figure = (score: number): number => Math.round(score * 10_000) / 10_000;

const csvRow = ({ text, sentiment, toxicity }: Scored): string =>
  `${/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text},${sentiment},${toxicity}`;
