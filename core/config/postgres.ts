/**
 * The Postgres server of the tables; without one they are embedded.
 * @module
 */
import { anyText, integer, oneOf, type Section, type Values } from "./variable.ts";

/** How a connection is protected: not at all, encrypted, or encrypted to a server whose name a known authority vouches for. */
export type SslMode = "disable" | "require" | "verify-full";

const sslModes: readonly SslMode[] = ["disable", "require", "verify-full"];

/** A Postgres server and how to enter it. */
export interface PostgresTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** "" where none is needed. */
  readonly password: string;
  readonly sslMode: SslMode;
  /** File with the certificates of the authorities to trust, in PEM; undefined = those of the system. */
  readonly caFile: string | undefined;
  /** How many connections a process opens at most. */
  readonly connectionsMax: number;
}

/** Where the tables are. */
export interface PostgresConfig {
  /** Null: embedded. */
  readonly postgres: PostgresTarget | null;
}

/** The server of a URL `postgres://user:password@host:port/database?sslmode=…`, or null where it is none. */
export function parsePostgresUrl(text: string):
  | Pick<PostgresTarget, "host" | "port" | "database" | "user"> & {
    readonly password: string;
    readonly sslMode: SslMode | undefined;
  }
  | null {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "" || url.hash !== "") return null;
  const sslMode = url.searchParams.get("sslmode") ?? undefined;
  if ([...url.searchParams.keys()].some((name) => name !== "sslmode")) return null;
  if (sslMode !== undefined && !sslModes.some((mode) => mode === sslMode)) return null;
  try {
    const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(decodeURIComponent);
    if (!user || !database || database.includes("/") || [user, password, database].join("").includes("\0")) return null;
    return {
      host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 5432),
      database,
      user,
      password: password!,
      sslMode: sslMode as SslMode | undefined,
    };
  } catch {
    return null;
  }
}

/** The section. */
export const postgresSection: Section<PostgresConfig> = {
  variables: [
    {
      name: "POSTGRES_URL",
      fallback: "",
      expected: "postgres://USER:PASSWORD@HOST:PORT/DATABASE, with ?sslmode=disable, require or verify-full at most",
      about: "Postgres server of the tables, instead of the embedded one",
      secret: true,
      check: (value) => parsePostgresUrl(value) !== null,
    },
    {
      name: "POSTGRES_HOST",
      fallback: "",
      expected: "an IP address or host name",
      about: "the server's host, instead of POSTGRES_URL",
      check: (value) => /^[\w.:-]+$/.test(value),
    },
    { name: "POSTGRES_PORT", fallback: "5432", about: "port at POSTGRES_HOST", ...integer(1, 65_535) },
    { name: "POSTGRES_DB", fallback: "tidemark", about: "database at POSTGRES_HOST", ...anyText },
    { name: "POSTGRES_USER", fallback: "tidemark", about: "user at POSTGRES_HOST", ...anyText },
    { name: "POSTGRES_PASSWORD", fallback: "", about: "password where the URL has none", secret: true, ...anyText },
    {
      name: "POSTGRES_SSLMODE",
      fallback: "",
      about: "TLS where the URL says nothing: disable, require (encrypts) or verify-full (checks the server too)",
      ...oneOf(...sslModes),
    },
    {
      name: "POSTGRES_CA_FILE",
      fallback: "",
      about: "certificates to trust with verify-full, instead of the system's",
      ...anyText,
    },
    {
      name: "POSTGRES_CONNECTIONS_MAX",
      fallback: "8",
      about: "how many connections a process opens to Postgres at most",
      ...integer(1, 100),
    },
  ],
  read: (values) => ({ postgres: targetOf(values) }),
  relations: ({ postgres }) => {
    if (postgres === null) return [];
    if (postgres.caFile === undefined || postgres.sslMode === "verify-full") return [];
    return [["POSTGRES_CA_FILE", `no value, or verify-full for sslmode: ${postgres.sslMode} checks no certificate`]];
  },
};

function targetOf(values: Values): PostgresTarget | null {
  const url = parsePostgresUrl(values.text("POSTGRES_URL"));
  const host = values.text("POSTGRES_HOST");
  if (url === null && host === "") return null;
  return {
    host: url?.host ?? host,
    port: url?.port ?? values.number("POSTGRES_PORT"),
    database: url?.database ?? values.text("POSTGRES_DB"),
    user: url?.user ?? values.text("POSTGRES_USER"),
    password: url?.password || values.text("POSTGRES_PASSWORD"),
    sslMode: url?.sslMode ?? ((values.text("POSTGRES_SSLMODE") || "disable") as SslMode),
    caFile: values.text("POSTGRES_CA_FILE") || undefined,
    connectionsMax: values.number("POSTGRES_CONNECTIONS_MAX"),
  };
}
