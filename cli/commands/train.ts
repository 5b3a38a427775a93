/**
 * `train toxicity --data FILE [--out DIR] [--seed N] [--encoding NAME]`: trains the toxicity model on a labelled CSV,
 * measures it on the part that it kept out, and writes weights and model card.
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../../core/errors.ts";
import { printableNames } from "../../core/text.ts";
import { csvCells, delimiterOf } from "../../ingest/recorded/csv_cells.ts";
import { readRecords } from "../../ingest/recorded/open_lines.ts";
import { recordedFormOf } from "../../ingest/recorded/recorded_form.ts";
import { openModel } from "../../processor/enrichers/toxicity_model.ts";
import { type ModelFiles, modelFiles } from "../../processor/models/toxicity/model_files.ts";
import { type GameChatReport, reportOn, type ToxicityReport } from "../../processor/models/toxicity/report.ts";
import { trainToxicity } from "../../processor/models/toxicity/train.ts";
import { isToxic, type LabelledText, splitHeldOut } from "../../processor/models/toxicity/tweets.ts";
import { parseCall, userPath } from "../arguments.ts";
import { encodingOf } from "../mapping_options.ts";
import { print, say } from "../terminal.ts";

const FIX = "tidemark train toxicity --data FILE [--out DIR] [--seed N] [--encoding NAME]";
const DEFAULT_OUT = "processor/models/toxicity";
const DEFAULT_SEED = "1";
/** Fewer of either kind make neither a model nor a measurement. */
const ROWS_OF_KIND_MIN = 20;

/** Runs the command; exit code. */
export async function train(args: readonly string[]): Promise<number> {
  const options = { data: "string", out: "string", seed: "string", encoding: "string" } as const;
  const call = parseCall(args, { command: "train", options, words: true });
  const data = call.text("data");
  if (call.words.length !== 1 || call.words[0] !== "toxicity" || data === undefined) {
    throw new UserError("usage", { cause: "Cannot train: a model and its data are needed", fix: FIX });
  }
  const seed = seedOf(call.text("seed") ?? DEFAULT_SEED);
  const out = call.text("out");
  const { training, heldOut } = splitHeldOut(await labelledTexts(userPath(data), encodingOf(call)));
  say(`${training.length} texts to learn from, ${heldOut.length} kept out`);
  const trained = await trainToxicity(training, { seed, onNote: say });
  say("measuring");
  using model = await openModel(trained.spec, trained.heads);
  const report = reportOn(model, heldOut);
  const folder = out === undefined ? DEFAULT_OUT : userPath(out);
  await writeFiles(folder, modelFiles(trained, { report, seed }));
  for (const line of reportLines(report)) print(line);
  say(`written to ${folder}`);
  return 0;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffff_ffff) return seed;
  throw new UserError("usage", {
    cause: `Cannot use --seed ${text}: it is no whole number from 0 to ${0xffff_ffff}`,
    fix: "leave it out for the usual one",
  });
}

/** Reads columns `class` (0 hate speech, 1 offensive, 2 neither) and `tweet` or `text`. */
async function labelledTexts(path: string, encoding: string | null): Promise<LabelledText[]> {
  const form = await recordedFormOf(path, { form: "csv", encoding });
  if (form.note !== null) say(form.note);
  const rows: LabelledText[] = [];
  let columns: { delimiter: string; label: number; text: number } | undefined;
  for await (const records of readRecords(path, form)) {
    for (const record of records) {
      if (columns === undefined) {
        columns = columnsOf(record, path);
        continue;
      }
      const cells = csvCells(record, columns.delimiter);
      if (typeof cells === "string") continue;
      const [label, text] = [cells[columns.label], cells[columns.text]];
      if (text !== undefined && (label === "0" || label === "1" || label === "2")) {
        rows.push({ text, label: Number(label) as LabelledText["label"] });
      }
    }
  }
  const toxic = rows.filter(isToxic).length;
  if (Math.min(toxic, rows.length - toxic) >= ROWS_OF_KIND_MIN) return rows;
  throw new UserError("usage", {
    cause: `Cannot train on ${path}: it holds ${toxic} toxic texts and ${rows.length - toxic} others`,
    fix: `give at least ${ROWS_OF_KIND_MIN} of each: class 0 or 1 for toxic, 2 for others`,
  });
}

function columnsOf(header: string, path: string): { delimiter: string; label: number; text: number } {
  const delimiter = delimiterOf(header);
  const cells = csvCells(header, delimiter);
  const names = typeof cells === "string" ? [] : cells.map((name) => name.trim().toLowerCase());
  const label = names.indexOf("class");
  const text = Math.max(names.indexOf("tweet"), names.indexOf("text"));
  if (label >= 0 && text >= 0) return { delimiter, label, text };
  throw new UserError("usage", {
    cause: `Cannot train on ${path}: its columns are ${printableNames(names) || "unreadable"}`,
    fix: "it needs a header with the columns class and tweet",
  });
}

function reportLines(report: ToxicityReport): string[] {
  const worst = Object.entries(report.disguisedRocAuc).sort((a, b) => a[1] - b[1])[0]!;
  return [
    `ROC-AUC                    ${report.rocAuc.toFixed(4)}`,
    `PR-AUC                     ${report.prAuc.toFixed(4)}`,
    `F1 at 0.5                  ${report.f1.toFixed(4)}`,
    `calibration error          ${report.calibrationError.toFixed(4)}`,
    `worst disguise             ${worst[1].toFixed(4)} (${worst[0]})`,
    `false positives, identity  ${(report.identityFalsePositives * 100).toFixed(1)} %`,
    `false positives, swearing  ${(report.friendlySwearingFalsePositives * 100).toFixed(1)} %`,
    `ROC-AUC, own game chat     ${report.ownChatRocAuc.toFixed(4)}`,
    `ROC-AUC, game lines        ${gameFigures(report.gameChat)}`,
    `ROC-AUC, blind game lines  ${gameFigures(report.blindGameChat)}`,
    `ROC-AUC, another hand's    ${gameFigures(report.strangerGameChat)}`,
  ];
}

const gameFigures = ({ explicitRocAuc, allRocAuc }: GameChatReport): string =>
  `${explicitRocAuc.toFixed(4)} (with mockery ${allRocAuc.toFixed(4)})`;

async function writeFiles(folder: string, files: ModelFiles): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  } catch (error) {
    throw new UserError("unavailable", {
      cause: `Cannot write the model to ${folder}: ${messageOf(error)}`,
      fix: "choose a folder that can be written with --out",
    }, { cause: error });
  }
}
