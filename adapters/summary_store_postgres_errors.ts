/**
 * What goes wrong between us and Postgres: which faults pass by themselves, and what a person is told about the others.
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import type { PostgresTarget } from "../core/config/postgres.ts";
import { RefusedError } from "./summary_store_postgres_socket.ts";
import { SqlError } from "./summary_store_session.ts";

/** The connection is gone or could not be had; the server may be back in a moment. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  /** Whether COMMIT had been sent: then nobody knows yet whether it was carried out. */
  readonly inDoubt: boolean;

  constructor(message: string, { inDoubt }: { readonly inDoubt: boolean }) {
    super(message);
    this.inDoubt = inDoubt;
  }
}

/**
 * SQLSTATEs of what passes by itself, with nothing written: connection faults (class 08), a server that shuts down, starts or
 * fails over, too many clients, a lock not had in time, a deadlock, a transaction that idled too long.
 */
const transientStates = /^(08...|57P0[1235]|53300|40001|40P01|55P03|25P03)$/;

/** Whether the same call may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionLostError) return true;
  return error instanceof SqlError && transientStates.test(error.sqlState);
}

/** An error of the driver, without the statement and the parameters that it carries. */
export function readDriverError(
  error: unknown,
): { readonly message: string; readonly sqlState: string | null; readonly fatal: boolean } {
  const { code, severity, severity_local, detail } = error as Readonly<Record<string, unknown>>;
  const kind = severity ?? severity_local;
  if (typeof code !== "string" || typeof kind !== "string") {
    return { message: messageOf(error), sqlState: null, fatal: true };
  }
  const message = typeof detail === "string" && detail !== "" ? `${messageOf(error)} (${detail})` : messageOf(error);
  return { message, sqlState: code, fatal: kind !== "ERROR" };
}

/** `host:port`, as shown to people. */
export function placeOf({ host, port }: PostgresTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** What to do about a server that lets nobody in, by SQLSTATE. */
const fixes: Readonly<Record<string, string>> = {
  "28P01": "Check the user and the password in POSTGRES_URL, or in POSTGRES_USER and POSTGRES_PASSWORD.",
  "28000": "Check the user, and whether the server wants TLS: sslmode=require in POSTGRES_URL, or POSTGRES_SSLMODE.",
  "3D000": "Create the database, or correct its name in POSTGRES_URL or POSTGRES_DB.",
  "42501": "Give the user the right to create tables in the schema public of this database.",
};

/** A server that cannot be had, as a user can mend it; `remark` follows its name. */
export function userErrorOf(error: unknown, target: PostgresTarget, remark = ""): UserError {
  const fix = error instanceof SqlError
    ? fixes[error.sqlState] ?? "Look into the server's log."
    : error instanceof RefusedError
    ? "Correct sslmode in POSTGRES_URL or POSTGRES_SSLMODE, or name the authority's certificate in POSTGRES_CA_FILE."
    : "Start the server, or correct POSTGRES_URL or POSTGRES_HOST and POSTGRES_PORT; unset them to use the embedded tables.";
  return new UserError("unavailable", {
    cause: `Cannot reach Postgres at ${placeOf(target)}${remark}: ${messageOf(error)}`,
    fix,
  });
}
