import assert from "node:assert/strict";
import { parseConfig } from "../../core/config.ts";
import { parsePostgresUrl } from "../../core/config/postgres.ts";

const target = {
  host: "db",
  port: 5432,
  database: "tidemark",
  user: "tidemark",
  password: "",
  sslMode: "disable",
  caFile: undefined,
  connectionsMax: 8,
};

Deno.test("Postgres is chosen by a URL or by its parts, and the URL wins", () => {
  const cases: [environment: Record<string, string>, expected: Partial<typeof target> | { sslMode: string }][] = [
    [{ POSTGRES_HOST: "db" }, {}],
    [{ POSTGRES_HOST: "::1", POSTGRES_PORT: "6000", POSTGRES_DB: "d", POSTGRES_USER: "u", POSTGRES_PASSWORD: "p" }, {
      host: "::1",
      port: 6000,
      database: "d",
      user: "u",
      password: "p",
    }],
    [{ POSTGRES_URL: "postgres://u:p%40%2F%3A@h:1/d", POSTGRES_HOST: "db", POSTGRES_PASSWORD: "q" }, {
      host: "h",
      port: 1,
      database: "d",
      user: "u",
      password: "p@/:",
    }],
    [{ POSTGRES_URL: "postgresql://u@[::1]/d", POSTGRES_PASSWORD: "q", POSTGRES_SSLMODE: "require" }, {
      host: "::1",
      database: "d",
      user: "u",
      password: "q",
      sslMode: "require",
    }],
    [{ POSTGRES_URL: "postgres://u@h/d?sslmode=verify-full", POSTGRES_SSLMODE: "disable" }, {
      host: "h",
      database: "d",
      user: "u",
      sslMode: "verify-full",
    }],
    [{ POSTGRES_HOST: "db", POSTGRES_CONNECTIONS_MAX: "3" }, { connectionsMax: 3 }],
  ];
  for (const [environment, expected] of cases) {
    const { config, faults } = parseConfig(environment);
    assert.deepEqual(faults, []);
    assert.deepEqual(config.postgres, { ...target, ...expected });
  }
  assert.equal(parseConfig({ POSTGRES_PASSWORD: "p", POSTGRES_PORT: "1" }).config.postgres, null);
});

Deno.test("a URL that is none of Postgres is a fault that does not show the password", () => {
  const urls = [
    "me:secret@db",
    "mysql://me:secret@db/d",
    "postgres://me:secret@db",
    "postgres://:secret@db/d",
    "postgres:///d",
    "postgres://me:secret@db/d/e",
    "postgres://me:secret@db/d?sslmode=prefer",
    "postgres://me:secret@db/d?options=x",
    "postgres://me:secret%E0@db/d",
    "postgres://me:secret@db:99999/d",
  ];
  for (const url of urls) {
    assert.equal(parsePostgresUrl(url), null, url);
    const { faults, config } = parseConfig({ POSTGRES_URL: url });
    assert.deepEqual(faults.map(({ variable }) => variable), ["POSTGRES_URL"], url);
    assert.ok(!JSON.stringify(faults).includes("secret"), url);
    assert.equal(config.postgres, null);
  }
});

Deno.test("passwords are masked among the settings", () => {
  const { settings } = parseConfig({ POSTGRES_URL: "postgres://me:secret@db/d", POSTGRES_PASSWORD: "secret" });
  assert.ok(!JSON.stringify(settings).includes("secret"));
});

Deno.test("certificates to trust without a check of the server are a fault", () => {
  for (const mode of ["disable", "require", ""]) {
    const { faults } = parseConfig({ POSTGRES_HOST: "db", POSTGRES_CA_FILE: "ca.crt", POSTGRES_SSLMODE: mode });
    assert.deepEqual(faults.map(({ variable }) => variable), ["POSTGRES_CA_FILE"]);
  }
  const verified = { POSTGRES_URL: "postgres://u@h/d?sslmode=verify-full", POSTGRES_CA_FILE: "ca.crt" };
  assert.deepEqual(parseConfig(verified).faults, []);
  assert.equal(parseConfig(verified).config.postgres!.caFile, "ca.crt");
});

Deno.test("events are kept raw or enriched, for a number of days", () => {
  const { config } = parseConfig({ RAW_EVENTS: "enriched", RAW_EVENTS_RETENTION_DAYS: "30" });
  assert.deepEqual(config.keepEvents, { kind: "enriched", retentionMs: 30 * 86_400_000 });
});
