import { openPostgresSession, openPostgresStore } from "../../adapters/summary_store_postgres.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { parsePostgresUrl, type PostgresTarget, type SslMode } from "../../core/config/postgres.ts";
import { seededRandom, systemClock } from "../../core/clock.ts";
import { summaryStoreContract } from "../contracts/summary_store_contract.ts";
import { findPostgres, missingPostgres } from "../support/services/postgres.ts";

summaryStoreContract("Postgres", async () => {
  const server = await findPostgres();
  const url = parsePostgresUrl(await server.newDatabase())!;
  const target = { ...url, sslMode: "disable" as const, caFile: undefined, connectionsMax: 4 };
  const session = await openPostgresSession({ target, clock: systemClock, random: seededRandom(1) });
  const store = createSqlSummaryStore(session);
  await store.migrate();
  return {
    store,
    sql: (text) => session.query(text),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
});
