/**
 * A SummaryChange as a transaction program: the fence, then progress, counts, keyed states and rows.
 * @module
 */
import type { Progress, RowSet, SummaryChange, TableSpec } from "../core/ports.ts";
import { eventSteps } from "./raw_events_write.ts";
import type { SqlParam, SqlStep } from "./summary_store_session.ts";
import {
  arrayLiteral,
  arrayParameter,
  encodeJson,
  encodeRows,
  fromElement,
  identifier,
  lastOfEachKey,
  type SqlType,
} from "./summary_store_values.ts";

/** Rows of one INSERT, and rows encoded in one turn of the event loop: a few milliseconds. */
const insertRowsMax = 1_000;

/** What a commit writes of a progress row: field, column, type. */
export const progressFields = [
  ["nextOffset", "next_offset", "bigint"],
  ["watermarkMs", "watermark_ms", "bigint"],
  ["eventTimeMsMax", "event_time_ms_max", "bigint"],
  ["idleWatermarkMs", "idle_watermark_ms", "bigint"],
  ["rebuildOffset", "rebuild_offset", "bigint"],
  ["incarnation", "incarnation", "text"],
  ["witness", "witness", "text"],
  ["partitionCount", "partition_count", "integer"],
  ["frozenEndMs", "frozen_end_ms", "bigint"],
  ["partialStartMs", "partial_start_ms", "bigint"],
  ["generation", "generation", "integer"],
  ["definition", "definition", "text"],
  ["seqs", "seqs", "json"],
  ["counts", "counts", "json"],
] as const satisfies readonly (readonly [keyof Progress, string, SqlType])[];

/** A commit's program, and in how many values a character was replaced. */
export interface CommitProgram {
  readonly steps: readonly SqlStep[];
  readonly replaced: number;
}

/**
 * The program of one commit; its first step is the fence. Everything but the rows is read before this returns; the rows are
 * read over several turns of the event loop, and must not be changed until then. `commitId` is stored with the progress, for
 * {@link commitProof}.
 */
export async function commitProgram(change: SummaryChange, commitId: string): Promise<CommitProgram> {
  if (change.progress.length === 0) {
    throw new TypeError("Cannot commit: the change has no progress, so nothing fences it");
  }
  const writer = new ProgramWriter();
  writer.steps.push(fenceStep(change));
  writer.addEvents(change);
  writer.addProgress(change, commitId);
  writer.addRunCounts(change);
  writer.addKeyedStates(change);
  let turnRows = 0;
  for (const set of change.rows) {
    writer.addDeletedRows(set);
    for (let from = 0; from < set.rows.length; from += insertRowsMax) {
      turnRows += Math.min(insertRowsMax, set.rows.length - from);
      if (turnRows > insertRowsMax) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turnRows = 0;
      }
      writer.addRows(set, from);
    }
  }
  return { steps: writer.steps, replaced: writer.replaced };
}

/**
 * Gives a row where the commit of this id was written. It waits for the lock that the commit holds from its fence on, and
 * within one epoch only the owner writes: without a row the commit has not happened and will not.
 */
export function commitProof({ topic, partition, progress }: SummaryChange, commitId: string): SqlStep {
  return {
    text: `SELECT 'written' FROM (
      SELECT p.last_commit FROM progress AS p
      WHERE p.topic = $1::text AND p."partition" = $2::text::integer AND p.pipeline = $3::text FOR UPDATE
    ) AS locked HAVING count(*) FILTER (WHERE last_commit = $4::text) > 0`,
    params: [topic, String(partition), progress[0]!.pipeline, commitId],
  };
}

function fenceStep(change: SummaryChange): SqlStep {
  const pipelines = [...new Set(change.progress.map((row) => row.pipeline))];
  return {
    guard: true,
    // Locked in one order, so that two commits or acquisitions never wait for each other in a ring.
    text: `SELECT 'held' FROM (
      SELECT p.epoch FROM progress AS p
      WHERE p.topic = $1::text AND p."partition" = $2::text::integer AND p.pipeline = ANY ($3::text::text[])
      ORDER BY p.pipeline FOR UPDATE
    ) AS locked HAVING count(*) FILTER (WHERE epoch = $4::text::bigint) = $5::text::bigint`,
    params: [
      change.topic,
      String(change.partition),
      arrayLiteral(pipelines).literal,
      String(change.epoch),
      String(pipelines.length),
    ],
  };
}

type Row = readonly unknown[];

class ProgramWriter {
  readonly steps: SqlStep[] = [];
  replaced = 0;

  /**
   * Array parameters of the rows. Replacing may make keys equal, which an upsert refuses: of such rows the last stays,
   * or the one with the highest number in column `newestBy`.
   */
  #encode(rows: readonly Row[], types: readonly SqlType[], keyColumns: number, newestBy?: number): SqlParam[] {
    let encoded = encodeRows(rows, types);
    this.replaced += encoded.replaced.reduce((sum, count) => sum + count, 0);
    if (encoded.replaced.slice(0, keyColumns).some((count) => count > 0)) {
      const inOrder = newestBy === undefined
        ? rows
        : rows.toSorted((a, b) => Number(a[newestBy]) - Number(b[newestBy]));
      encoded = encodeRows(lastOfEachKey(inOrder, keyColumns), types);
    }
    return [...encoded.params];
  }

  addRows(set: RowSet, from: number): void {
    const columns = [...set.spec.key, ...set.spec.columns];
    const types: SqlType[] = [...columns.map((column) => column.type), "bigint"];
    const rows = set.rows.slice(from, from + insertRowsMax).map(({ values, revision }) => {
      if (values.length !== columns.length) {
        throw new TypeError(
          `Cannot write to ${set.spec.table}: a row has ${values.length} values, not ${columns.length}`,
        );
      }
      return [...values, revision];
    });
    const params = this.#encode(rows, types, set.spec.key.length, columns.length);
    this.steps.push({ text: upsertRows(set, types), params: [...params, String(set.generation)] });
  }

  /** Before the rows of the set: names of two keys may become equal by replacing, and a row that is written stays. */
  addDeletedRows({ spec, generation, deleted }: RowSet): void {
    if (deleted.length === 0) return;
    const types: SqlType[] = [...spec.key.map((column) => column.type), "bigint"];
    const params = this.#encode(
      deleted.map(({ key, revision }) => [...key, revision]),
      types,
      spec.key.length,
      spec.key.length,
    );
    this.steps.push({ text: deleteRows(spec, types), params: [...params, String(generation)] });
  }

  /** Before the progress: what that covers already is not written again. */
  addEvents(change: SummaryChange): void {
    const { steps, replaced } = eventSteps(change);
    this.steps.push(...steps);
    this.replaced += replaced;
  }

  addKeyedStates({ topic, partition, keyedStates }: SummaryChange): void {
    if (keyedStates.length === 0) return;
    const [gone, kept] = [
      keyedStates.filter(({ state }) => state === null),
      keyedStates.filter(({ state }) => state !== null),
    ];
    const place = [topic, String(partition)];
    if (gone.length > 0) {
      const rows = gone.map(({ pipeline, name, key }) => [pipeline, name, key]);
      this.steps.push({
        text: `DELETE FROM keyed_state AS t USING unnest($3::text::text[], $4::text::text[], $5::text::text[])
          AS u(pipeline, name, key)
          WHERE t.topic = $1::text AND t."partition" = $2::text::integer
            AND t.pipeline = u.pipeline AND t.name = u.name AND t.key = u.key`,
        params: [...place, ...this.#encode(rows, ["text", "text", "text"], 3)],
      });
    }
    if (kept.length === 0) return;
    const rows = kept.map(({ pipeline, name, key, state }) => {
      const json = encodeJson(state);
      if (json.replaced) this.replaced++;
      return [pipeline, name, key, json.text];
    });
    this.steps.push({
      text: `INSERT INTO keyed_state (topic, "partition", pipeline, name, key, state)
        SELECT $1::text, $2::text::integer, u.pipeline, u.name, u.key, u.state::json
        FROM unnest($3::text::text[], $4::text::text[], $5::text::text[], $6::text::text[])
          AS u(pipeline, name, key, state)
        ON CONFLICT (pipeline, topic, "partition", name, key) DO UPDATE SET state = excluded.state`,
      params: [...place, ...this.#encode(rows, ["text", "text", "text", "text"], 3)],
    });
  }

  addRunCounts({ topic, partition, runCounts }: SummaryChange): void {
    if (runCounts.length === 0) return;
    const rows = runCounts.map(({ runId, pipeline, counter, value }) => [runId, pipeline, counter, value]);
    this.steps.push({
      text: `INSERT INTO run_counts AS t (topic, "partition", run_id, pipeline, counter, value)
        SELECT $1::text, $2::text::integer, u.run_id, u.pipeline, u.counter, sum(u.value)::bigint
        FROM unnest($3::text::text[], $4::text::text[], $5::text::text[], $6::text::bigint[])
          AS u(run_id, pipeline, counter, value)
        GROUP BY u.run_id, u.pipeline, u.counter
        ON CONFLICT (run_id, topic, "partition", pipeline, counter) DO UPDATE SET value = t.value + excluded.value`,
      params: [topic, String(partition), ...this.#encode(rows, ["text", "text", "text", "bigint"], 0)],
    });
  }

  addProgress({ topic, partition, progress }: SummaryChange, commitId: string): void {
    const names = progressFields.map(([, name]) => name);
    const types: SqlType[] = ["text", ...progressFields.map(([, , type]) => type)];
    const rows = progress.map((row) => [row.pipeline, ...progressFields.map(([field]) => row[field])]);
    const set = progressFields.map(([, name, type]) => `${name} = ${fromElement(`u.${name}`, type)}`);
    this.steps.push({
      text: `UPDATE progress AS t SET ${set.join(", ")}, last_commit = $3::text, updated_at = now()
        FROM unnest(${types.map((type, index) => arrayParameter(index + 4, type)).join(", ")})
          AS u(pipeline, ${names.join(", ")})
        WHERE t.topic = $1::text AND t."partition" = $2::text::integer AND t.pipeline = u.pipeline`,
      params: [topic, String(partition), commitId, ...this.#encode(rows, types, 1)],
    });
  }
}

/** Deletes any number of rows; `types` are those of key and revision; the generation comes last. */
function deleteRows(spec: TableSpec, types: readonly SqlType[]): string {
  const same = spec.key.map(({ name, type }, index) => `t.${identifier(name)} = ${fromElement(`u.c${index}`, type)}`);
  const [generation, revision] = ["generation", "revision"].map((name) => identifier(`${spec.owner}_${name}`));
  return `DELETE FROM ${identifier(spec.table)} AS t
    USING unnest(${types.map((type, index) => arrayParameter(index + 1, type)).join(", ")})
      AS u(${types.map((_, index) => `c${index}`).join(", ")})
    WHERE ${same.join(" AND ")} AND (coalesce(t.${generation}, -1), coalesce(t.${revision}, -1))
      <= ($${types.length + 1}::text::integer, u.c${spec.key.length})`;
}

/** One upsert of any number of rows; `types` are those of key, columns and revision; the generation comes last. */
function upsertRows({ spec }: RowSet, types: readonly SqlType[]): string {
  const key = spec.key.map((column) => identifier(column.name));
  const owned = spec.columns.map((column) => identifier(column.name));
  const generation = identifier(`${spec.owner}_generation`);
  const revision = identifier(`${spec.owner}_revision`);
  const elements = types.map((_, index) => `c${index}`);
  const values = types.map((type, index) => fromElement(`u.c${index}`, type));
  const set = [...owned, generation, revision].map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${identifier(spec.table)} AS t (${[...key, ...owned, revision, generation].join(", ")})
    SELECT ${values.join(", ")}, $${types.length + 1}::text::integer
    FROM unnest(${types.map((type, index) => arrayParameter(index + 1, type)).join(", ")}) AS u(${elements.join(", ")})
    ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${set.join(", ")}, updated_at = now()
    WHERE (coalesce(t.${generation}, -1), coalesce(t.${revision}, -1)) <= (excluded.${generation}, excluded.${revision})`;
}
