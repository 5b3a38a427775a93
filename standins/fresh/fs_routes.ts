import { type AnyComponent, type Context, INTERNALS } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { type Route, splitPath } from "./router.ts";
import type { ScopeEntry } from "./scopes.ts";
import type { RouteFile } from "./snapshot.ts";
import type { HandlerFunction, Middleware, RouteConfig, RouteHandler } from "./types.ts";

/** What the files of routes/ come to. */
export interface FileRoutes<State> {
  /** From `_app`, `_layout`, `_middleware` and `_error`. */
  readonly entries: ScopeEntry<State>[];
  /** From all others, in the order to try them. */
  readonly routes: Route<State>[];
}

/** What a module of routes/ may export. */
interface RouteModule<State> {
  readonly default?: unknown;
  readonly handler?: RouteHandler<unknown, State> | Middleware<State>[];
  readonly handlers?: RouteHandler<unknown, State>;
  readonly config?: RouteConfig;
}

const EXTENSION = /\.(tsx?|jsx?)$/;

/** True for a file of routes/ that takes part: no test, no private folder, no unknown `_name`. */
export function isRoutePath(path: string): boolean {
  if (!EXTENSION.test(path) || /_test\.\w+$/.test(path) || path.endsWith(".d.ts")) return false;
  const segments = path.split("/");
  const name = segments.pop()?.replace(EXTENSION, "") ?? "";
  if (segments.some((segment) => segment.startsWith("(_"))) return false;
  return !name.startsWith("_") || ["_app", "_layout", "_middleware", "_error"].includes(name);
}

function toPatternSegment(segment: string): string {
  const rest = /^\[\.\.\.(\w+)\]$/.exec(segment);
  if (rest !== null) return `:${rest[1]}*`;
  if (segment.startsWith("(")) return segment;
  // What lies outside of [x] is text, whatever URLPattern makes of its signs.
  return segment.split(/(\[\w+\])/).map((part) =>
    /^\[\w+\]$/.test(part) ? `:${part.slice(1, -1)}` : part.replaceAll(/[:*?+{}()\\]/g, "\\$&")
  ).join("");
}

/** Static before dynamic before rest, segment by segment. */
function rank(pattern: string): string {
  return splitPath(pattern).map((s) => /^:\w+\*$/.test(s) ? "3" : s.includes(":") ? "2" : "1").join("");
}

/** Turns the modules of routes/ into scopes and routes; those of `order` 1 come after those of `order`. */
export function readFileRoutes<State>(files: readonly RouteFile[], order: number, prefix: string): FileRoutes<State> {
  const entries: ScopeEntry<State>[] = [];
  const routes: Route<State>[] = [];
  for (const { path, module } of files) {
    if (!isRoutePath(path)) continue;
    const folders = path.replace(EXTENSION, "").split("/");
    const name = folders.pop() ?? "";
    const segments = [...splitPath(prefix), ...folders.map(toPatternSegment)];
    const found = module as RouteModule<State>;
    if (name.startsWith("_")) entries.push(readEntry(found, { path, name, order, segments }));
    else routes.push(readRoute(found, { path, name, order: order + 1, segments }));
  }
  routes.sort((a, b) => rank(a.pattern) < rank(b.pattern) ? -1 : rank(a.pattern) > rank(b.pattern) ? 1 : 0);
  return { entries, routes };
}

/** Where a file stands. */
interface Place {
  path: string;
  name: string;
  order: number;
  segments: string[];
}

function readEntry<State>(module: RouteModule<State>, { path, name, order, segments }: Place): ScopeEntry<State> {
  const place = { order, segments, isFile: true };
  if (name === "_middleware") {
    const exported = module.default ?? module.handler ?? module.handlers;
    const middleware = (Array.isArray(exported) ? exported : [exported]) as Middleware<State>[];
    if (middleware.some((step) => typeof step !== "function")) {
      throw new TypeError(`Cannot use routes/${path}: its default export is neither a function nor a list of them`);
    }
    return { ...place, middleware };
  }
  if (typeof module.default !== "function") {
    throw new TypeError(`Cannot use routes/${path}: it has no component as default export`);
  }
  const component = module.default as AnyComponent;
  if (name === "_app") return { ...place, app: component };
  if (name === "_error") return { ...place, error: component };
  return { ...place, layout: { component, config: module.config ?? {} } };
}

function readRoute<State>(module: RouteModule<State>, { path, name, order, segments }: Place): Route<State> {
  const config = module.config ?? {};
  const last = name === "index" ? [] : [toPatternSegment(name)];
  const own = `/${[...segments, ...last].filter((segment) => !segment.startsWith("(")).join("/")}`;
  return {
    order,
    pattern: config.routeOverride ?? own,
    method: "ALL",
    segments,
    isFile: true,
    handlers: [(ctx) => answer(ctx, module, path)],
  };
}

async function answer<State>(ctx: Context<State>, module: RouteModule<State>, path: string): Promise<Response> {
  const config = module.config ?? {};
  const method = ctx.req.method;
  const listed = config.methods ?? "ALL";
  if (listed !== "ALL" && !listed.some((m) => m === method || (m === "GET" && method === "HEAD"))) {
    throw new HttpError(404);
  }
  const component = module.default as AnyComponent | undefined;
  const handler = pickHandler<State>(module, method, component !== undefined);
  const result = handler === null ? { data: undefined } : await handler(ctx);
  if (result instanceof Response) return result;
  if (component === undefined) {
    throw new TypeError(`Cannot render routes/${path}: its handler returned data, but it has no default export`);
  }
  const internals = ctx[INTERNALS];
  const { app, layouts } = internals.layers;
  internals.layers = {
    app: config.skipAppWrapper ? null : app,
    layouts: config.skipInheritedLayouts ? [] : layouts,
  };
  const { renderComponent } = await import("./render.ts");
  return await renderComponent(ctx, component, result);
}

/** The function for a method; null = render the component at once. */
function pickHandler<State>(
  module: RouteModule<State>,
  method: string,
  hasComponent: boolean,
): HandlerFunction<unknown, State> | null {
  const handler = module.handler ?? module.handlers;
  if (typeof handler === "function") return handler;
  if (handler === undefined || Array.isArray(handler)) {
    if (hasComponent) return null;
    throw new HttpError(404);
  }
  const byMethod = handler as Record<string, HandlerFunction<unknown, State> | undefined>;
  const found = Object.hasOwn(byMethod, method) ? byMethod[method] : undefined;
  if (found !== undefined) return found;
  if (method === "HEAD" && byMethod["GET"] !== undefined) return byMethod["GET"];
  if (hasComponent && (method === "HEAD" || method === "GET")) return null;
  throw new HttpError(404); // as Fresh does: not 405
}
