/**
 * The Redis server that holds open windows and the live feed of several processes.
 * @module
 */
import { anyText, type Section } from "./variable.ts";

/** A server as its URL names it. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted (`rediss:`). */
  readonly tls: boolean;
  /** Null where the server asks for no password. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** Number of the logical database. */
  readonly database: number;
}

/** Settings of the Redis side. */
export interface RedisConfig {
  /** Null = the embedded stores. */
  readonly server: RedisServer | null;
  /** File with the certificates (PEM) of the authority that signed the server's; unset = those of the system. */
  readonly caFile: string | undefined;
}

/**
 * Reads `redis://[[user]:password@]host[:port][/database]`, or `rediss:` for TLS; undefined for anything else. Parts
 * with special characters are percent-encoded.
 */
export function parseRedisUrl(text: string): RedisServer | undefined {
  const url = URL.parse(text);
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === "") return undefined;
  const database = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1];
  if (database === undefined || url.search !== "" || url.hash !== "") return undefined;
  // A user name alone cannot log in.
  if (url.username !== "" && url.password === "") return undefined;
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(url.port || 6379),
      tls: url.protocol === "rediss:",
      credentials: password === "" ? null : { user: user || "default", password },
      database: Number(database),
    };
  } catch {
    return undefined; // a % that encodes nothing
  }
}

/** The section. */
export const redisSection: Section<RedisConfig> = {
  variables: [
    {
      name: "REDIS_URL",
      fallback: "",
      expected: "redis://[[user]:password@]host[:port][/database], or rediss:// for TLS",
      about: "Redis for open windows and the live feed; unset = embedded",
      // The password stands in it.
      secret: true,
      check: (value) => parseRedisUrl(value) !== undefined,
    },
    {
      name: "REDIS_CA_FILE",
      fallback: "",
      about: "PEM file of the authority behind the certificate of a rediss:// server; unset = the system's",
      ...anyText,
    },
  ],
  read: (values) => ({
    server: parseRedisUrl(values.text("REDIS_URL")) ?? null,
    caFile: values.text("REDIS_CA_FILE") || undefined,
  }),
  relations: ({ server, caFile }) =>
    caFile !== undefined && server?.tls !== true
      ? [["REDIS_CA_FILE", "no value, since REDIS_URL is no rediss:// address"]]
      : [],
};
