import { setBasePath } from "./build_id.ts";
import { Context, type ContextConfig, INTERNALS, typed } from "./context.ts";
import { readFileRoutes } from "./fs_routes.ts";
import { HttpError, statusOf } from "./http_error.ts";
import { type Match, type Route, Router, splitPath } from "./router.ts";
import { buildChain, type ErrorRenderer, runChain, type ScopeEntry } from "./scopes.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";
import type { AppConfig, Method, Middleware } from "./types.ts";

/** Where to listen. */
export interface ListenOptions {
  /** Address to bind, Deno's default (all addresses) if absent. */
  hostname?: string;
  /** Port, 8000 if absent; 0 = a free one. */
  port?: number;
  /** Called once bound. */
  onListen?: (addr: Deno.NetAddr) => void;
  /** Ends serving. */
  signal?: AbortSignal;
}

/** What `handler()` gives back. */
export type AppHandler = (req: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

interface Compiled<State> {
  readonly snapshot: Snapshot | null;
  readonly router: Router<State>;
  readonly entries: readonly ScopeEntry<State>[];
}

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
  completed: Promise.resolve(),
};

const FIX = "run `deno task build` and start _fresh/server.js, or build in memory: apply(await builder.build())";

/** An application: middleware, routes and error pages in the order in which they were registered. */
export class App<State = unknown> {
  /** Resolved settings. */
  readonly config: ContextConfig;
  readonly #entries: ScopeEntry<State>[] = [];
  readonly #routes: Route<State>[] = [];
  readonly #fileRoutes: { order: number; prefix: string }[] = [];
  #order = 0;
  #compiled: Compiled<State> | null = null;

  /** Takes a base path and a mode; both have defaults. */
  constructor(config: AppConfig = {}) {
    this.config = {
      basePath: `/${splitPath(config.basePath ?? "").join("/")}`.replace(/^\/$/, ""),
      mode: config.mode ?? "production",
    };
    if (this.config.basePath !== "") setBasePath(this.config.basePath);
  }

  /** Adds middleware for what is registered later, everywhere or below a path. */
  use(...middleware: Middleware<State>[]): this;
  /** Adds middleware below a path. */
  use(path: string, ...middleware: Middleware<State>[]): this;
  use(first: string | Middleware<State>, ...rest: Middleware<State>[]): this {
    const path = typeof first === "string" ? first : "/";
    const middleware = typeof first === "string" ? rest : [first, ...rest];
    // "/api/*" and "/api" cover the same.
    const segments = splitPath(path).filter((segment, i, all) => segment !== "*" || i < all.length - 1);
    this.#entries.push({ order: this.#order++, segments, isFile: false, middleware });
    return this.#changed();
  }

  /** Answers GET, and HEAD without the body. */
  get(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("GET", path, handlers);
  }
  /** Answers POST. */
  post(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("POST", path, handlers);
  }
  /** Answers PUT. */
  put(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("PUT", path, handlers);
  }
  /** Answers PATCH. */
  patch(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("PATCH", path, handlers);
  }
  /** Answers DELETE. */
  delete(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("DELETE", path, handlers);
  }
  /** Answers HEAD. */
  head(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("HEAD", path, handlers);
  }
  /** Answers every method. */
  all(path: string, ...handlers: Middleware<State>[]): this {
    return this.#route("ALL", path, handlers);
  }

  /** Adds the files of routes/, which a build brings; optionally below a path. */
  fsRoutes(pattern = "/"): this {
    const prefix = splitPath(pattern).filter((segment) => segment !== "*").join("/");
    this.#fileRoutes.push({ order: this.#order, prefix });
    this.#order += 2; // its layouts and error pages first, then its routes
    return this.#changed();
  }

  /** The function that answers requests; tests call it without a port. */
  handler(): AppHandler {
    this.#compile(); // what is wrong with the routes shows now, not at the first request
    return async (req, info = NO_INFO) => await this.#answer(req, info);
  }

  /** Serves until the signal, or for ever. */
  async listen(options: ListenOptions = {}): Promise<void> {
    const { onListen = () => {}, ...rest } = options;
    await Deno.serve({ ...rest, onListen }, this.handler()).finished;
  }

  #changed(): this {
    this.#compiled = null;
    return this;
  }

  #route(method: Method | "ALL", path: string, handlers: Middleware<State>[]): this {
    const segments = splitPath(path);
    const pattern = `/${segments.join("/")}`;
    this.#routes.push({ order: this.#order++, pattern, method, segments, isFile: false, handlers });
    return this.#changed();
  }

  #compile(): Compiled<State> {
    const snapshot = snapshotOf(this);
    if (this.#compiled?.snapshot === snapshot) return this.#compiled;
    const entries = [...this.#entries];
    const routes = [...this.#routes];
    for (const { order, prefix } of this.#fileRoutes) {
      if (snapshot === null) throw new Error(`Cannot use fsRoutes(): no build is applied to this app; ${FIX}`);
      const files = readFileRoutes<State>(snapshot.routes, order, prefix);
      entries.push(...files.entries);
      routes.push(...files.routes);
    }
    const router = new Router<State>();
    // Sorting is stable: the files of one fsRoutes() stay in the order to try them.
    for (const route of routes.sort((a, b) => a.order - b.order)) router.add(route);
    entries.sort((a, b) => a.order - b.order);
    return this.#compiled = { snapshot, router, entries };
  }

  async #answer(req: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    const { snapshot, router, entries } = this.#compile();
    const { basePath } = this.config;
    const url = new URL(req.url);
    const isOurs = url.pathname === basePath || url.pathname.startsWith(`${basePath}/`);
    const pathname = isOurs ? url.pathname.slice(basePath.length) || "/" : url.pathname;
    const reload = snapshot?.reload?.answer(req) ?? null;
    if (reload !== null) return reload;
    const match: Match<State> = isOurs
      ? router.match(req.method, pathname)
      : { route: null, pattern: null, params: {}, allowed: null };
    const route = match.pattern;
    const ctx = new Context<State>(req, { url, config: this.config, info, params: match.params, route, snapshot });
    const handlers = match.route?.handlers ?? [() => refuse(req, match)];
    const chain = buildChain(entries, { route: match.route, pathname, handlers }, renderError);
    let res: Response;
    try {
      res = await runChain(ctx, chain);
    } catch (error) {
      res = plainError(error, this.config.mode);
    }
    for (const finish of ctx[INTERNALS].finish) res = finish(res);
    if (match.allowed !== null && res.status === 405) res.headers.set("allow", match.allowed.join(", "));
    return req.method === "HEAD" ? withoutBody(res) : res;
  }
}

/** Where no route runs: 404, 405, or what OPTIONS wants to know. */
function refuse<State>(req: Request, match: Match<State>): Response {
  if (match.allowed === null) throw new HttpError(404);
  if (req.method !== "OPTIONS") throw new HttpError(405);
  return new Response(null, { status: 204, headers: { allow: match.allowed.join(", ") } });
}

async function renderError<State>(...[ctx, page]: Parameters<ErrorRenderer<State>>): Promise<Response> {
  const { renderComponent } = await import("./render.ts");
  return await renderComponent(ctx, page, { data: undefined, status: statusOf(ctx.error) });
}

/** The answer where no error page exists. */
function plainError(error: unknown, mode: ContextConfig["mode"]): Response {
  const status = statusOf(error);
  const cause = mode === "development" && error instanceof Error ? `${error.stack}` : null;
  const text = error instanceof HttpError ? error.message : cause ?? "Internal server error";
  return typed(text, "text/plain; charset=utf-8", { status });
}

/** HEAD answers like GET; an endless body is cancelled, as nobody will read it. */
function withoutBody(res: Response): Response {
  if (res.body !== null && !res.body.locked) res.body.cancel().catch(() => {});
  return new Response(null, res);
}
