/**
 * The dashboard's port.
 * @module
 */
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { messageOf, UserError } from "../../core/errors.ts";
import type { Services } from "../../routes/(_lib)/state.ts";
import type { Call } from "../arguments.ts";

/** The dashboard as the composition root offers it. */
export interface Dashboard {
  /** Builds or loads the app's handler. */
  load(config: Config): Promise<(request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>>;
  /** Gives the routes their readers; undefined takes them away. */
  provide(services: Services | undefined): void;
}

/** The configuration with the port of a call. */
export function withPort(config: Config, call: Call): Config {
  const port = call.text("port");
  if (port === undefined) return config;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return { ...config, port: Number(port) };
  throw new UserError("usage", {
    cause: `Cannot listen: --port is "${port}"`,
    fix: "a number from 0 to 65535; 0 takes a free one",
  });
}

/**
 * Listens.
 *
 * @throws {UserError} when the port or the address cannot be had.
 */
export function listen(config: Config, handler: Deno.ServeHandler): AsyncDisposable & { readonly url: string } {
  const { port, host } = config;
  try {
    const server = Deno.serve({ port, hostname: host, onListen: () => {} }, handler);
    const name = host.includes(":") ? `[${host}]` : host;
    let closing: Promise<void> | undefined;
    return {
      url: `http://${name}:${server.addr.port}/`,
      // Live streams never end by themselves: the process ends them.
      [Symbol.asyncDispose]: () => closing ??= Promise.race([server.shutdown(), systemClock.sleep(200)]),
    };
  } catch (error) {
    throw listenFailure(config, error);
  }
}

/** Whatever stands in the way of listening is the address: nothing else was tried. */
export function listenFailure({ host, port }: Pick<Config, "host" | "port">, error: unknown): UserError {
  const another = "choose another by --port N (or PORT)";
  const [why, fix] = error instanceof Deno.errors.AddrInUse
    ? ["the port is in use", `stop what uses it, or ${another}`]
    : error instanceof Deno.errors.PermissionDenied
    ? ["the system does not allow that port", `ports from 1024 up are everybody's: ${another}`]
    : error instanceof Deno.errors.AddrNotAvailable
    ? ["no such address here", "set HOST to an address of this machine"]
    : [messageOf(error), "set HOST to an address of this machine, or to a name of one"];
  return new UserError("unavailable", { cause: `Cannot listen on ${host}:${port}: ${why}`, fix }, { cause: error });
}
