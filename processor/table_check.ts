/**
 * Whether the tables are as the pipelines need them, asked before anything is processed; what is missing is told as the
 * migration that makes it.
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { ColumnSpec, ColumnType, SummaryStore, TableInfo } from "../core/ports.ts";
import type { Pipeline } from "./pipeline.ts";

/** A table as all of its pipelines together need it. */
interface NeededTable {
  readonly table: string;
  readonly pipelines: readonly string[];
  readonly key: readonly ColumnSpec[];
  /** Columns of the pipelines, then the bookkeeping of each owner. */
  readonly columns: readonly (ColumnSpec & { readonly sqlType: string })[];
}

const BOOKKEEPING: readonly (ColumnSpec & { readonly sqlType: string })[] = ["processed_at", "updated_at"].map(
  (name) => ({ name, type: "timestamptz", sqlType: "timestamptz NOT NULL DEFAULT now()" }),
);

/**
 * Checks the tables of these pipelines.
 *
 * @throws {UserError} that says what does not fit, and prints the migration that mends it.
 */
export async function checkTables(
  pipelines: readonly Pick<Pipeline, "name" | "table">[],
  store: Pick<SummaryStore, "tables">,
): Promise<void> {
  const found = new Map((await store.tables()).map((info) => [info.table, info]));
  const faults = [...new Set(pipelines.map(({ table }) => table.table))].flatMap((table) => {
    const owners = pipelines.filter((pipeline) => pipeline.table.table === table);
    return sharingFaults(owners) ?? missing(neededTable(owners), found.get(table));
  });
  if (faults.length === 0) return;
  const sql = faults.flatMap((fault) => fault.sql);
  throw new UserError("usage", {
    cause: `Cannot run ${faults.map(({ pipelines, reason }) => `${pipelines.join(", ")}: ${reason}`).join("; ")}`,
    fix: sql.length === 0
      ? "give each column one owner: rename it, or use another table"
      : `add this as the next file of sql/, with one line in sql/mod.ts:\n\n${sql.join("\n")}`,
  });
}

interface TableFault {
  readonly pipelines: readonly string[];
  readonly reason: string;
  readonly sql: readonly string[];
}

/** A column that several owners fill would hold now one's value, now another's; only the end of a window is the same. */
function sharingFaults(pipelines: readonly Pick<Pipeline, "name" | "table">[]): TableFault[] | null {
  const owners = new Map<string, string>();
  for (const { name, table } of pipelines) {
    for (const column of table.columns) {
      if (column.name === "window_end") continue;
      const owner = owners.get(column.name) ?? table.owner;
      owners.set(column.name, owner);
      if (owner === table.owner) continue;
      const reason = `column ${column.name} of ${table.table} is filled by ${owner} as well`;
      return [{ pipelines: [name], reason, sql: [] }];
    }
  }
  return null;
}

function neededTable(pipelines: readonly Pick<Pipeline, "name" | "table">[]): NeededTable {
  const { table, key } = pipelines[0]!.table;
  const columns = new Map<string, ColumnSpec & { sqlType: string }>();
  for (const { table: spec } of pipelines) {
    for (const column of spec.columns) {
      const sqlType = column.name === "window_end" ? "timestamptz NOT NULL" : column.type;
      if (!columns.has(column.name)) columns.set(column.name, { ...column, sqlType });
    }
  }
  for (const owner of new Set(pipelines.map((pipeline) => pipeline.table.owner))) {
    for (const [name, sqlType] of [["generation", "integer"], ["revision", "bigint"]] as const) {
      columns.set(`${owner}_${name}`, { name: `${owner}_${name}`, type: "bigint", sqlType });
    }
  }
  return { table, pipelines: pipelines.map(({ name }) => name), key, columns: [...columns.values()] };
}

/** What a table lacks, as faults with their SQL. */
function missing({ table, pipelines, key, columns }: NeededTable, info: TableInfo | undefined): TableFault[] {
  const fault = (reason: string, sql: string): TableFault => ({ pipelines, reason, sql: [sql] });
  if (info === undefined) return [fault(`there is no table ${table}`, createTable(table, key, columns))];
  const faults: TableFault[] = [];
  const typeOf = new Map(info.columns.map(({ name, type }) => [name, type]));
  for (const { name, type, sqlType } of [...key.map(keyColumn), ...columns, BOOKKEEPING[1]!]) {
    const found = typeOf.get(name);
    if (found === undefined) faults.push(fault(`${table} has no column ${name}`, addColumn(table, name, sqlType)));
    else if (found !== type) {
      faults.push(fault(`column ${name} of ${table} is ${found}, not ${type}`, changeType(table, name, type)));
    }
  }
  const names = key.map(({ name }) => name);
  if (names.join() !== info.key.join()) {
    const own = info.key.length === 0 ? "none, as a view has" : info.key.join(", ");
    faults.push(fault(`the key of ${table} is ${own}, not ${names.join(", ")}`, changeKey(table, names)));
  }
  return faults;
}

const quoted = (name: string): string => `"${name}"`;
const list = (names: readonly string[]): string => names.map(quoted).join(", ");

/** Keys are ordered by code point, whatever the database's locale. */
const keyColumn = ({ name, type }: ColumnSpec) => ({
  name,
  type,
  sqlType: type === "text" ? 'text COLLATE "C" NOT NULL' : `${type} NOT NULL`,
});

function createTable(table: string, key: readonly ColumnSpec[], columns: NeededTable["columns"]): string {
  const all = [...key.map(keyColumn), ...columns, ...BOOKKEEPING];
  return [
    `CREATE TABLE ${quoted(table)} (`,
    ...all.map(({ name, sqlType }) => `  ${quoted(name)} ${sqlType},`),
    `  PRIMARY KEY (${list(key.map(({ name }) => name))})`,
    ");",
    `CREATE INDEX ${quoted(`${table}_window_start`)} ON ${quoted(table)} ("window_start");`,
  ].join("\n");
}

const addColumn = (table: string, name: string, sqlType: string): string =>
  // A row that is there has no value for it.
  `ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(name)} ${sqlType.replace(/ NOT NULL$/, "")};`;

const changeType = (table: string, name: string, type: ColumnType): string =>
  `ALTER TABLE ${quoted(table)} ALTER COLUMN ${quoted(name)} TYPE ${type} USING ${quoted(name)}::text::${type};`;

const changeKey = (table: string, names: readonly string[]): string =>
  `ALTER TABLE ${quoted(table)} DROP CONSTRAINT IF EXISTS ${quoted(`${table}_pkey`)}, ADD PRIMARY KEY (${
    list(names)
  });`;
