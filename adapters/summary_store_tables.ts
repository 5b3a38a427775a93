/**
 * Reading tables: what there is by the catalogue, and the SELECT of a query or of one page of a scan.
 *
 * Order. A view and a table of many partitions have their places below. A table with window_start in its primary key is ordered by that key. Any other (anomalies) is ordered by
 * window_start, event_time as far as it has them, then its key. Text is ordered by code point. `from`, `to` and `last` go
 * by window_start, else event_time. The index of a primary key serves this order where its text columns sort by code point
 * by themselves: declared COLLATE "C", or in a database of locale C (PGlite's is). Else each page sorts the rest of the table.
 * @module
 */
import type { ColumnSpec, ColumnType, RowQuery, TableInfo, TableRows } from "../core/ports.ts";
import { UserError } from "../core/errors.ts";
import type { SqlRow, SqlSession } from "./summary_store_session.ts";
import { asText, decodeValue, identifier, microseconds } from "./summary_store_values.ts";

/** A readable table with what its order needs. */
export interface ReadableTable extends TableInfo {
  /** The first column of the primary key. */
  readonly keyColumn: ColumnSpec;
  /** Columns that the rows are ordered by; together unique. */
  readonly order: readonly ColumnSpec[];
  /** What `fromMs`, `toMs` and `last` go by. */
  readonly timeColumn: ColumnSpec | null;
  /** Text columns that sort by code point without being told. */
  readonly byCodePoint: ReadonlySet<string>;
}

/** Tables of our own bookkeeping, which no reader asks for. */
const internalTables = ["progress", "keyed_state", "run_counts", "migrations"];

/** What the catalogue does not tell: by which columns rows of kept events are ordered, and which one a key is looked for in. */
const eventPlace = ["append_day", "topic", "incarnation", "partition", "offset"];
const places: Readonly<Record<string, { readonly order: readonly string[]; readonly key: string }>> = {
  raw_events: { order: eventPlace, key: "key" },
  raw_ticks: { order: eventPlace, key: "symbol" },
};

const catalogueSql = `
  SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)::text, array_position(i.indkey, a.attnum)::text,
    (CASE o.collname
      WHEN 'C' THEN 1
      WHEN 'default' THEN (d.datlocprovider = 'c' AND d.datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8'))::integer
    END)::text
  FROM pg_class AS c
  JOIN pg_database AS d ON d.datname = current_database()
  LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_collation AS o ON o.oid = a.attcollation
  WHERE (c.relkind IN ('r', 'p') AND i.indrelid IS NOT NULL AND NOT c.relispartition
      OR c.relkind = 'v' AND c.relname IN (${Object.keys(places).map((name) => `'${name}'`).join(", ")}))
    AND c.relnamespace = 'public'::regnamespace
  ORDER BY c.relname COLLATE "C", a.attnum`;

const columnTypes: Readonly<Record<string, ColumnType>> = {
  smallint: "bigint",
  integer: "bigint",
  bigint: "bigint",
  real: "double precision",
  "double precision": "double precision",
  numeric: "numeric",
  "timestamp with time zone": "timestamptz",
  json: "json",
};

/** Every table of the schema public that has a primary key and is not our own bookkeeping. */
export async function readTables(session: SqlSession): Promise<ReadableTable[]> {
  const found = new Map<string, { spec: ColumnSpec; keyPosition: number | null }[]>();
  const byCodePoint = new Map<string, Set<string>>();
  for (const [table, name, type, position, codePoint] of await session.query(catalogueSql)) {
    if (internalTables.includes(table!)) continue;
    const columns = found.get(table!) ?? [];
    found.set(table!, columns);
    if (!byCodePoint.has(table!)) byCodePoint.set(table!, new Set());
    if (codePoint === "1") byCodePoint.get(table!)!.add(name!);
    columns.push({
      spec: { name: name!, type: columnTypes[type!] ?? "text" },
      keyPosition: position === null || position === undefined ? null : Number(position),
    });
  }
  return [...found].map(([table, columns]) => {
    const key = columns.filter((column) => column.keyPosition !== null)
      .sort((a, b) => a.keyPosition! - b.keyPosition!).map((column) => column.spec);
    const others = columns.filter((column) => column.keyPosition === null).map((column) => column.spec);
    return { ...readableTable(table, key, others), byCodePoint: byCodePoint.get(table)! };
  });
}

function readableTable(table: string, key: readonly ColumnSpec[], others: readonly ColumnSpec[]) {
  const place = places[table];
  if (place) {
    const columns = [...key, ...others];
    const named = (name: string) => columns.find((column) => column.name === name)!;
    const order = place.order.map(named);
    return { table, columns, keyColumn: named(place.key), order, timeColumn: named("event_time") };
  }
  const bookkeeping = (column: ColumnSpec) => /^(processed_at|updated_at)$|_(generation|revision)$/.test(column.name);
  const columns = [...key, ...others.filter((column) => !bookkeeping(column)), ...others.filter(bookkeeping)];
  const timeNames = ["window_start", "event_time"];
  const times = timeNames.flatMap((name) => columns.filter((column) => column.name === name));
  const timeInKey = key.some((column) => timeNames.includes(column.name));
  const order = timeInKey ? key : [...times, ...key];
  return { table, columns, keyColumn: key[0]!, order, timeColumn: times[0] ?? null };
}

/** Where a page begins: after a row, or (with `last`) at one. */
export interface PageStart {
  readonly at: SqlRow;
  readonly inclusive: boolean;
}

/** A SELECT with its parameters. */
export interface Select {
  readonly text: string;
  readonly params: string[];
}

/** Builds the statements that read one table. */
export class TableReader {
  readonly #table: ReadableTable;
  readonly #query: RowQuery;
  readonly #order: readonly ColumnSpec[];
  readonly #columnsSql: string;

  constructor(table: ReadableTable, query: RowQuery) {
    this.#table = table;
    this.#query = query;
    if (!table.timeColumn && (query.fromMs ?? query.toMs ?? query.last) !== undefined) {
      throw new UserError("usage", {
        cause: `Cannot read ${table.table} by time: it has no column window_start or event_time`,
        fix: "Leave the time range out.",
      });
    }
    // The newest rows of all keys come in the order of time.
    this.#order = query.last === undefined
      ? table.order
      : [table.timeColumn!, ...table.order.filter((column) => column !== table.timeColumn)];
    this.#columnsSql = table.columns.map(({ name, type }) => asText(identifier(name), type)).join(", ");
  }

  /** All rows of the query, or those of one page. */
  rows(page?: { readonly start: PageStart | null; readonly rowsMax: number }): Select {
    const params: string[] = [];
    const where = this.#conditions(params, page?.start ?? null);
    if (page) {
      const limit = `LIMIT $${params.push(String(page.rowsMax))}::text::bigint`;
      return { text: `SELECT ${this.#columnsSql} ${this.#from(where)} ${this.#orderBy("ASC")} ${limit}`, params };
    }
    if (this.#query.last === undefined) {
      return { text: `SELECT ${this.#columnsSql} ${this.#from(where)} ${this.#orderBy("ASC")}`, params };
    }
    const limit = `LIMIT $${params.push(String(this.#query.last))}::text::bigint`;
    const newest = `SELECT * ${this.#from(where)} ${this.#orderBy("DESC")} ${limit}`;
    return { text: `SELECT ${this.#columnsSql} FROM (${newest}) AS t ${this.#orderBy("ASC")}`, params };
  }

  /** The order columns of the oldest of the `last` newest rows. */
  firstOfLast(last: number): Select {
    const params: string[] = [];
    const where = this.#conditions(params, null);
    const columns = this.#order.map(({ name, type }) => asText(identifier(name), type)).join(", ");
    const newest = `SELECT * ${this.#from(where)} ${this.#orderBy("DESC")} LIMIT $${
      params.push(String(last))
    }::text::bigint`;
    return { text: `SELECT ${columns} FROM (${newest}) AS t ${this.#orderBy("ASC")} LIMIT 1`, params };
  }

  /** The order columns of a row as selected by {@link rows}. */
  place(row: SqlRow): SqlRow {
    return this.#order.map((column) => row[this.#table.columns.indexOf(column)]!);
  }

  /** Selected rows as values. */
  decode(rows: readonly SqlRow[]): TableRows {
    const { columns } = this.#table;
    return {
      columns,
      rows: rows.map((row) => columns.map(({ type }, index) => decodeValue(row[index] ?? null, type))),
    };
  }

  #from(where: readonly string[]): string {
    const conditions = where.length > 0 ? `WHERE ${where.join(" AND ")}` : "";
    return `FROM ${identifier(this.#table.table)} AS t ${conditions}`;
  }

  #conditions(params: string[], start: PageStart | null): string[] {
    const { fromMs, toMs, key } = this.#query;
    const where: string[] = [];
    const time = this.#table.timeColumn ? identifier(this.#table.timeColumn.name) : "";
    const moment = (ms: number) => momentSql(params.push(String(ms * 1000)));
    if (fromMs !== undefined) where.push(`${time} >= ${moment(fromMs)}`);
    if (toMs !== undefined) where.push(`${time} < ${moment(toMs)}`);
    if (key !== undefined) {
      const { name, type } = this.#table.keyColumn;
      where.push(`${identifier(name)} = $${params.push(key)}::text::${type}`);
    }
    if (start) {
      const left = this.#order.map((column) => this.#ordered(column)).join(", ");
      const right = this.#order.map(({ type }, index) => {
        const text = start.at[index]!;
        if (type === "timestamptz") return momentSql(params.push(microseconds(text)));
        return `$${params.push(text)}::text::${type}`;
      });
      where.push(`(${left}) ${start.inclusive ? ">=" : ">"} (${right.join(", ")})`);
    }
    return where;
  }

  /**
   * A column as the rows are ordered by it: text by code point, whatever the collation of the database. With the table's name,
   * since a bare one means the selected text.
   */
  #ordered({ name, type }: ColumnSpec): string {
    const collate = type === "text" && !this.#table.byCodePoint.has(name);
    return collate ? `t.${identifier(name)} COLLATE "C"` : `t.${identifier(name)}`;
  }

  #orderBy(direction: "ASC" | "DESC"): string {
    return `ORDER BY ${this.#order.map((column) => `${this.#ordered(column)} ${direction}`).join(", ")}`;
  }
}

function momentSql(position: number): string {
  return `timestamptz 'epoch' + $${position}::text::float8 * interval '1 microsecond'`;
}
