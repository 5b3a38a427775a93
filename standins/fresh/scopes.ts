import { type AnyComponent, type Context, INTERNALS, type Layers } from "./context.ts";
import { decode, type Route, splitPath } from "./router.ts";
import type { Middleware, RouteConfig } from "./types.ts";

/** Something that covers a part of the tree: middleware, `_app`, a layout or an error page. */
export interface ScopeEntry<State> {
  /** Place in the order of registration. */
  readonly order: number;
  /** The part that it covers; groups `(x)` and dynamic parts `:x` are segments as well. */
  readonly segments: readonly string[];
  /** True for a file of routes/, which covers its folder; false for `app.use`, which covers URLs. */
  readonly isFile: boolean;
  /** Steps to run. */
  readonly middleware?: readonly Middleware<State>[];
  /** The whole document. */
  readonly app?: AnyComponent;
  /** A layout with its config. */
  readonly layout?: { readonly component: AnyComponent; readonly config: RouteConfig };
  /** An error page. */
  readonly error?: AnyComponent;
}

/** What can render an error page. */
export type ErrorRenderer<State> = (
  ctx: Context<State>,
  page: AnyComponent,
) => Promise<Response>;

const NO_LAYERS: Layers = { app: null, layouts: [] };

function isGroup(segment: string): boolean {
  return segment.startsWith("(");
}

/** True if the path lies below the segments, `:x` standing for any one and `*` for any number. */
function coversPath(segments: readonly string[], path: readonly string[]): boolean {
  for (const [i, segment] of segments.entries()) {
    if (segment === "*" || /^:\w+[*+]$/.test(segment)) return true;
    const actual = path[i];
    if (actual === undefined || (segment !== actual && !segment.startsWith(":"))) return false;
  }
  return true;
}

function covers<State>(entry: ScopeEntry<State>, route: Route<State> | null, path: readonly string[]): boolean {
  // app.use("/api", auth) goes by the URL, or a route such as /:any/:thing would get past it.
  if (!entry.isFile) return coversPath(entry.segments, path);
  // A file covers its folder. Where no file answers, the URL stands for the folder, and a group has no URL.
  if (route?.isFile) return entry.segments.every((segment, i) => segment === route.segments[i]);
  return !entry.segments.some(isGroup) && coversPath(entry.segments, path);
}

/** The entries that cover a request and were there before its route, from the root down, one list for each scope. */
function scopesOf<State>(
  entries: readonly ScopeEntry<State>[],
  route: Route<State> | null,
  pathname: string,
): ScopeEntry<State>[][] {
  const path = splitPath(pathname).map(decode);
  const scopes = new Map<string, ScopeEntry<State>[]>();
  for (const entry of entries) {
    if (route !== null && entry.order > route.order) continue;
    if (!covers(entry, route, path)) continue;
    const key = entry.segments.join("/");
    scopes.set(key, [...scopes.get(key) ?? [], entry]);
  }
  return [...scopes.values()].sort((a, b) => (a[0]?.segments.length ?? 0) - (b[0]?.segments.length ?? 0));
}

function layersBelow<State>(above: Layers, scope: readonly ScopeEntry<State>[]): Layers {
  let { app, layouts } = above;
  for (const entry of scope) {
    if (entry.app !== undefined) app = entry.app;
    if (entry.layout === undefined) continue;
    const { component, config } = entry.layout;
    layouts = config.skipInheritedLayouts ? [component] : [...layouts, component];
    if (config.skipAppWrapper) app = null;
  }
  return { app, layouts };
}

/**
 * The steps of a request: for each scope its boundary, then its middleware; at the end the handlers.
 * A boundary stands outside of its scope's middleware, as in Fresh: an error passes through them before its page is
 * rendered, so that what they set on a response does not reach that page.
 */
export function buildChain<State>(
  entries: readonly ScopeEntry<State>[],
  target: { route: Route<State> | null; pathname: string; handlers: readonly Middleware<State>[] },
  renderError: ErrorRenderer<State>,
): Middleware<State>[] {
  const chain: Middleware<State>[] = [];
  let layers: Layers = NO_LAYERS;
  for (const scope of scopesOf(entries, target.route, target.pathname)) {
    layers = layersBelow(layers, scope);
    chain.push(boundary(layers, scope.findLast((entry) => entry.error !== undefined)?.error, renderError));
    for (const entry of scope) chain.push(...entry.middleware ?? []);
  }
  return [...chain, ...target.handlers];
}

function boundary<State>(
  layers: Layers,
  errorPage: AnyComponent | undefined,
  renderError: ErrorRenderer<State>,
): Middleware<State> {
  return async (ctx) => {
    const internals = ctx[INTERNALS];
    internals.layers = layers;
    try {
      return await ctx.next();
    } catch (error) {
      if (errorPage === undefined) throw error;
      internals.layers = layers;
      internals.error = error;
      return await renderError(ctx, errorPage);
    }
  };
}

/** Runs a chain; `ctx.next()` of the last step fails. */
export async function runChain<State>(ctx: Context<State>, chain: readonly Middleware<State>[]): Promise<Response> {
  const internals = ctx[INTERNALS];
  const run = async (i: number): Promise<Response> => {
    const step = chain[i];
    if (step === undefined) throw new TypeError(`Cannot call next(): nothing follows the last handler of ${ctx.route}`);
    const previous = internals.next;
    internals.next = () => run(i + 1);
    try {
      return await step(ctx);
    } finally {
      internals.next = previous;
    }
  };
  return await run(0);
}
