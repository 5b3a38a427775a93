/**
 * A socket to a Postgres server: connected within a time, behind TLS where that is asked for, its name checked or not.
 *
 * The handshake is ours and not the driver's: the driver has no end to its attempts where a server closes at once, and
 * speaks TLS to a server that has said that it does not.
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { PostgresTarget } from "../core/config/postgres.ts";

/** What a server is asked by first: 8 bytes, code 80877103 (PostgreSQL's protocol, SSLRequest). */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** The server answered, and what it said will be the same tomorrow: no use in trying again. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** How a socket is opened. */
export interface SocketOptions {
  /** Certificates of the authorities to trust in PEM; null = those of the system. */
  readonly ca: string | null;
  /** After this time the attempt has failed. */
  readonly timeoutMs: number;
}

/** Opens a socket; rejects with what the system said, or with a {@link RefusedError}. */
export async function openSocket(target: PostgresTarget, { ca, timeoutMs }: SocketOptions): Promise<Socket> {
  const socket = connect({ host: target.host, port: target.port, noDelay: true, keepAlive: true });
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  try {
    await once(socket, "connect");
    if (target.sslMode === "disable") return socket;
    socket.write(sslRequest);
    const answer = await once(socket, "data") as Buffer;
    // More than the one letter would be bytes that somebody slipped in before the encryption.
    if (answer.length !== 1 || answer[0] !== "S".charCodeAt(0)) {
      throw new RefusedError("the server does not offer TLS");
    }
    return await secured(socket, target, ca);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function secured(socket: Socket, { host, sslMode }: PostgresTarget, ca: string | null): Promise<Socket> {
  const encrypted = connectTls({
    socket,
    host,
    // A name only: TLS has no server name of numbers, a certificate's address is checked all the same.
    ...isIP(host) === 0 ? { servername: host } : {},
    rejectUnauthorized: sslMode === "verify-full",
    ...ca === null ? {} : { ca },
  });
  try {
    await once(encrypted, "secureConnect");
    return encrypted;
  } catch (error) {
    encrypted.destroy();
    const { message } = error as Error;
    if (/certificate|self.signed|issuer|altname/i.test(message)) {
      throw new RefusedError(`the server's certificate is not trusted: ${message}`);
    }
    throw error;
  }
}

/** What an event of the socket carries; rejects when the socket fails or closes before. */
function once(socket: Socket, event: "connect" | "data" | "secureConnect"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      socket.off(event, happened).off("error", failed).off("close", closed);
      settle();
    };
    const happened = (value: unknown) => done(() => resolve(value));
    const failed = (error: Error) => done(() => reject(error));
    const closed = () =>
      done(() => reject(Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" })));
    socket.on(event, happened).on("error", failed).on("close", closed);
  });
}
