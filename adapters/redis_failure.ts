/**
 * Failures of Redis: which pass by themselves, which need another connection, and what a user can do about the rest.
 * @module
 */
import type { RedisServer } from "../core/config/redis.ts";
import { messageOf, UserError } from "../core/errors.ts";

/**
 * Codes of answers that another try may not get: the server loads its data, runs a long script, has just become a
 * replica or lost its master, may not write (memory full, disk full, too few replicas).
 */
const passing = new Set([
  ...["LOADING", "BUSY", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED"],
  ...["OOM", "MISCONF", "NOREPLICAS"],
]);

/** Whether the server itself answered with an error; anything else befell the connection. */
export function isAnswer(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

const codeOf = (error: Error): string => /^[A-Z]+/.exec(error.message)?.[0] ?? "";

const isCertificateFault = (error: unknown) => /certificate|self.signed/i.test(messageOf(error));

/** Whether another try may do better. */
export function isPassing(error: unknown): boolean {
  if (isAnswer(error)) return passing.has(codeOf(error));
  // A fault of ours, as an argument of the wrong kind, is none of the connection.
  if (error instanceof TypeError || error instanceof RangeError) return false;
  return !isCertificateFault(error);
}

/** Whether the connection is of no more use: it broke, or leads to a server that is no longer the one to write to. */
export function wantsNewConnection(error: unknown): boolean {
  return !isAnswer(error) || ["READONLY", "MASTERDOWN"].includes(codeOf(error));
}

/** Where and at what an operation failed. */
export interface FailureContext {
  /** Completes "Cannot … on Redis". */
  readonly what: string;
  readonly address: string;
  readonly server: RedisServer;
  readonly waitedMs: number;
}

/** The failure in words for people; faults of ours stay as they are. */
export function failureOf(error: unknown, { what, address, server, waitedMs }: FailureContext): unknown {
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const after = waitedMs >= 1_000 ? ` after ${Math.round(waitedMs / 1_000)} s` : "";
  const cause = `Cannot ${what} on Redis at ${address}${after}: ${messageOf(error)}`;
  return new UserError("unavailable", { cause, fix: fixOf(error, server) }, { cause: error });
}

function fixOf(error: unknown, server: RedisServer): string {
  if (!isAnswer(error)) {
    if (isCertificateFault(error)) {
      return "name the authority's certificate in REDIS_CA_FILE, and reach the server by a name that its certificate has";
    }
    return `start the server, or mend REDIS_URL (TLS is ${server.tls ? "on: rediss://" : "off: redis://"})`;
  }
  if (/DB index/.test(error.message)) return "use a lower number at the end of REDIS_URL, or raise `databases`";
  switch (codeOf(error)) {
    case "NOAUTH":
      return "give the password in REDIS_URL: redis://:password@host";
    case "WRONGPASS":
      return "mend the user and password in REDIS_URL";
    case "NOPERM":
      return "give the user of REDIS_URL that right: `ACL SETUSER name ~prefix:* +@all`, or see docs/redis_keys.md";
    case "OOM":
      return "raise maxmemory: open windows and the live feed need it, and must not be evicted";
    case "MISCONF":
    case "NOREPLICAS":
      return "see the server's own log: it takes no writes";
    case "READONLY":
      return "point REDIS_URL at the master";
    case "WRONGTYPE":
      return "another program uses a key of this name: change TOPIC_PREFIX, or delete that key";
    default:
      return "see the server's own log, and docs/redis_keys.md for what is needed of it";
  }
}
