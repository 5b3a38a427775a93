import assert from "node:assert/strict";
import { openPostgresStore } from "../../adapters/summary_store_postgres.ts";
import type { PostgresTarget } from "../../core/config/postgres.ts";
import { seededRandom, systemClock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import { summaryStoreContract } from "../contracts/summary_store_contract.ts";
import { openStore, targetOf, testOn } from "../support/postgres_store.ts";
import {
  findPostgres,
  missingPostgres,
  missingPostgresTls,
  type PostgresServer,
  startPostgres,
} from "../support/services/postgres.ts";
import { freePort } from "../support/services/service.ts";

interface Variant {
  readonly find: () => Promise<PostgresServer>;
  readonly more?: (server: PostgresServer) => Partial<PostgresTarget>;
  readonly database?: string;
}

const underTest = async ({ find, more = () => ({}), database }: Variant) => {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await find());
  const { store, session } = opened.use(await openStore(targetOf(await server.newDatabase(database), more(server))));
  const all = opened.move();
  return { store, sql: (text: string) => session.query(text), [Symbol.asyncDispose]: () => all.disposeAsync() };
};

summaryStoreContract("Postgres", () => underTest({ find: findPostgres }), missingPostgres());

// Its words sort otherwise than by code point, and its text and numbers are still read the same.
const otherLocale = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE-u-kn-true'";

summaryStoreContract(
  "Postgres behind TLS and a password, in a database of another language",
  () =>
    underTest({
      find: () => startPostgres({ tls: true }),
      more: ({ caFile }) => ({ sslMode: "verify-full", caFile: caFile! }),
      database: otherLocale,
    }),
  missingPostgresTls(),
);

const opened = (target: PostgresTarget) =>
  openPostgresStore({ target, clock: systemClock, random: seededRandom(1), retry: { openMs: 300 } });

/** Rejects as a fault that a user can mend: its cause and its fix as expected, and the password nowhere. */
async function refused(target: PostgresTarget, cause: RegExp, fix: RegExp): Promise<void> {
  await assert.rejects(() => opened(target), (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.code, "unavailable");
    assert.match(error.message, cause);
    assert.match(error.fix, fix);
    assert.ok(!Deno.inspect(error, { showHidden: true, depth: 8 }).includes(target.password));
    return true;
  });
}

testOn(
  missingPostgres(),
  "a server that lets nobody in is refused with cause and fix, and the password is not shown",
  async () => {
    await using server = await findPostgres();
    const target = targetOf(await server.newDatabase());
    await refused({ ...target, password: "wrong-password" }, /password authentication failed/, /POSTGRES_PASSWORD/);
    await refused({ ...target, database: "nowhere" }, /database "nowhere" does not exist/, /Create the database/);
    await refused({ ...target, port: freePort() }, /for 0.3 s.*refused/i, /Start the server/);
    await refused({ ...target, host: "nowhere.invalid" }, /nowhere\.invalid:\d+ for 0.3 s/, /POSTGRES_HOST/);
    await refused({ ...target, sslMode: "verify-full", caFile: "missing.crt" }, /missing\.crt/, /POSTGRES_CA_FILE/);
    await server.admin("CREATE DATABASE tidemark_test_latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    try {
      await refused({ ...target, database: "tidemark_test_latin" }, /encoding SQL_ASCII/, /UTF8/);
    } finally {
      await server.admin("DROP DATABASE tidemark_test_latin WITH (FORCE)");
    }
  },
);

testOn(missingPostgres(), "a server without TLS is refused where TLS is asked for", async () => {
  await using server = await startPostgres();
  const target = targetOf(await server.newDatabase());
  for (const sslMode of ["require", "verify-full"] as const) {
    await refused({ ...target, sslMode }, /does not offer TLS/, /sslmode/);
  }
});

testOn(missingPostgresTls(), "with TLS the server's certificate is checked where that is asked for", async () => {
  await using server = await startPostgres({ tls: true });
  const target = targetOf(await server.newDatabase());
  await refused(target, /no encryption/, /sslmode=require/);
  const { caFile } = server;
  const good: Partial<PostgresTarget>[] = [
    { sslMode: "require" },
    { sslMode: "verify-full", caFile: caFile! },
    { sslMode: "verify-full", caFile: caFile!, host: "localhost" },
  ];
  for (const more of good) {
    await using open = await openStore({ ...target, ...more });
    const [row] = await open.session.query("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    assert.deepEqual(row, ["true"]);
  }
  await refused({ ...target, sslMode: "verify-full" }, /certificate is not trusted/, /POSTGRES_CA_FILE/);
});

testOn(
  missingPostgresTls(),
  "a certificate for another name is refused with verify-full and taken with require",
  async () => {
    await using server = await startPostgres({ tls: true, certificateNames: "DNS:elsewhere.example" });
    const target = targetOf(await server.newDatabase(), { caFile: server.caFile! });
    await refused({ ...target, sslMode: "verify-full" }, /certificate is not trusted/, /POSTGRES_CA_FILE/);
    await refused({ ...target, sslMode: "verify-full", host: "localhost" }, /certificate is not trusted/, /./);
    await using _ = await openStore({ ...target, sslMode: "require" });
  },
);

testOn(missingPostgres(), "several processes that start at once migrate an empty database together", async () => {
  await using server = await findPostgres();
  const target = targetOf(await server.newDatabase());
  const stores = await Promise.all([1, 2, 3, 4, 5].map(() => openStore(target)));
  const [first] = stores;
  const applied = await first!.session.query("SELECT name FROM migrations ORDER BY name");
  assert.ok(applied.length >= 3);
  for (const open of stores) await open[Symbol.asyncDispose]();
});
