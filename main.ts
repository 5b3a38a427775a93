/**
 * The command line and the composition root: names the commands, and exports the dashboard's `app`.
 * @module
 */
import { App, csp, type Middleware, staticFiles } from "fresh";
import { asksForHelp } from "./cli/arguments.ts";
import type { Dashboard } from "./cli/services/http.ts";
import { say, sayFailure } from "./cli/terminal.ts";
import { exitCodes, UserError } from "./core/errors.ts";
import { cspOptions, secured, securityHeaders } from "./routes/(_lib)/security.ts";
import type { Services, State } from "./routes/(_lib)/state.ts";
import { requireToken } from "./routes/(_lib)/token.ts";

/** What requests meet once {@link run} has opened the stores and read the configuration. */
const wired: { services: Services | undefined; guard: Middleware<unknown> | undefined } = {
  services: undefined,
  guard: undefined,
};

/** The dashboard. */
export const app: App<State> = new App<State>()
  .use(csp(cspOptions), securityHeaders())
  .use((ctx) => wired.guard === undefined ? ctx.next() : wired.guard(ctx))
  .use(staticFiles())
  .use((ctx) => {
    ctx.state.services = wired.services;
    return ctx.next();
  })
  .fsRoutes();

/** A command: takes the words after its name, answers with the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** How the app's handler comes to be: built in memory by dev.ts, else loaded as built before. */
export type LoadApp = Dashboard["load"];

/** THE LIST of commands. Each is loaded when it is called, so that the first line is on the screen at once. */
const commands = (load: LoadApp): Readonly<Record<string, { about: string; command: () => Promise<Command> }>> => ({
  dev: {
    about: "[--source NAME,…] [--data-dir DIR] [--port N]   everything in one process: sources, processor, dashboard",
    command: async () => {
      const { dev } = await import("./cli/commands/dev.ts");
      return (args) => dev(args, dashboard(load));
    },
  },
  ingest: {
    about: "--source NAME[,NAME…] [--port N]   sources alone, into shared stores; health and metrics at a port",
    command: async () => (await import("./cli/commands/ingest.ts")).ingest,
  },
  process: {
    about: "[--port N]   one of any number of processors on shared stores; health and metrics at a port",
    command: async () => (await import("./cli/commands/process.ts")).processEvents,
  },
  serve: {
    about: "[--port N]   the dashboard alone, on shared stores",
    command: async () => {
      const { serve } = await import("./cli/commands/serve.ts");
      return (args) => serve(args, dashboard(load));
    },
  },
  replay: {
    about:
      "FILE… --source NAME [--speed 1|60|max|record] [--map field=column …] [--drain] [--json]   feed recorded input",
    command: async () => (await import("./cli/commands/replay.ts")).replay,
  },
  decode: {
    about: "FILE --source NAME   what a decoder makes of recorded input",
    command: async () => (await import("./cli/commands/decode.ts")).decode,
  },
  export: {
    about: "TABLE --format csv|json|parquet --to FILE   a table as a file",
    command: async () => (await import("./cli/commands/export.ts")).exportTable,
  },
  classify: {
    about: "FILE --to OUT [--column NAME]   sentiment and toxicity of lines of text, or of a column of a CSV",
    command: async () => (await import("./cli/commands/classify.ts")).classify,
  },
  train: {
    about: "toxicity --data FILE [--out DIR] [--seed N]   the toxicity model, with its report",
    command: async () => (await import("./cli/commands/train.ts")).train,
  },
  config: {
    about: "what is chosen and why",
    command: async () => (await import("./cli/commands/config.ts")).config,
  },
});

/** The dashboard as `dev` uses it: guarded where it listens on more than loopback. */
const dashboard = (load: LoadApp): Dashboard => ({
  async load(config) {
    wired.guard = config.token === undefined ? undefined : requireToken(config.token);
    const handler = await load(config);
    return async (request, info) => secured(await handler(request, info));
  },
  provide: (services) => {
    wired.services = services;
  },
});

const isHelp = (word: string): boolean => word === "help" || word === "--help" || word === "-h";

/** Runs a command line; the exit code. */
export async function run(args: readonly string[], load: LoadApp = loadBuilt): Promise<number> {
  const [name, ...rest] = args;
  const list = commands(load);
  try {
    if (name === undefined || isHelp(name)) {
      for (const [command, { about }] of Object.entries(list)) say(`tidemark ${command} ${about}`);
      return name === undefined ? exitCodes.usage : 0;
    }
    const chosen = Object.hasOwn(list, name) ? list[name] : undefined;
    if (chosen === undefined) {
      throw new UserError("usage", {
        cause: `Cannot run "${name}": there is no such command`,
        fix: `use one of ${Object.keys(list).join(", ")}`,
      });
    }
    if (asksForHelp(rest)) {
      say(`tidemark ${name} ${chosen.about}`);
      return 0;
    }
    return await (await chosen.command())(rest);
  } catch (error) {
    return sayFailure(error, { debug: args.includes("--debug") });
  }
}

/** Loads what `deno task build` made. */
async function loadBuilt(): ReturnType<LoadApp> {
  // Computed, since the folder is made by the build: the type check must pass without it.
  const server = new URL("./_fresh/server.js", import.meta.url).href;
  try {
    return (await import(server)).default.fetch;
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError("unavailable", {
      cause: "Cannot serve the dashboard: it is not built",
      fix: "deno task build",
    });
  }
}

if (import.meta.main) run(Deno.args).then((code) => Deno.exit(code));
