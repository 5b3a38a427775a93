/**
 * Stores on a Postgres server of the tests.
 * @module
 */
import { openPostgresSession, type PostgresOptions } from "../../adapters/summary_store_postgres.ts";
import type { SqlSession } from "../../adapters/summary_store_session.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { parsePostgresUrl, type PostgresTarget } from "../../core/config/postgres.ts";
import { seededRandom, systemClock } from "../../core/clock.ts";
import type { SummaryStore } from "../../core/ports.ts";
import type { Troubled } from "../../core/status.ts";

/** A test that says in its name why it is skipped, where it is. */
export function testOn(missing: string | null, name: string, fn: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test({ name: missing === null ? name : `${name} (skipped: ${missing})`, ignore: missing !== null, fn });
}

/** The target that a URL names, without TLS unless told otherwise. */
export function targetOf(url: string, more: Partial<PostgresTarget> = {}): PostgresTarget {
  return { ...parsePostgresUrl(url)!, sslMode: "disable", caFile: undefined, connectionsMax: 4, ...more };
}

/** A store that is open and migrated, and its session beside it. Disposing closes it. */
export interface OpenStore extends AsyncDisposable {
  readonly store: SummaryStore;
  readonly session: SqlSession & Troubled;
  /** What people were told. */
  readonly notes: readonly string[];
}

/** Opens a store on a target. */
export async function openStore(target: PostgresTarget, more: Partial<PostgresOptions> = {}): Promise<OpenStore> {
  const notes: string[] = [];
  const session = await openPostgresSession({
    target,
    clock: systemClock,
    random: seededRandom(1),
    onNote: (note) => notes.push(note),
    ...more,
  });
  const store = createSqlSummaryStore(session);
  await store.migrate();
  return { store, session, notes, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
