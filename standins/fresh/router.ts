import type { Method, Middleware } from "./types.ts";

/** A pattern with what to run for one method of it. */
export interface Route<State> {
  /** Place in the order of registration: it sees only what came before. */
  readonly order: number;
  /** Pattern, as `ctx.route`. */
  readonly pattern: string;
  /** Method, or ALL. */
  readonly method: Method | "ALL";
  /** Folder of a route file with groups and dynamic parts as segments; the pattern's own segments for other routes. */
  readonly segments: readonly string[];
  /** True for a file of routes/. */
  readonly isFile: boolean;
  /** Run in order. */
  readonly handlers: readonly Middleware<State>[];
}

/** What a request leads to. */
export interface Match<State> {
  /** The route to run; null = not found, or another method is needed. */
  readonly route: Route<State> | null;
  /** Pattern that matched, if any. */
  readonly pattern: string | null;
  /** Named parts, decoded. */
  readonly params: Record<string, string>;
  /** Methods that would match; null if no pattern does. */
  readonly allowed: string[] | null;
}

interface PatternRoutes<State> {
  readonly pattern: string;
  readonly matcher: URLPattern;
  readonly routes: Map<Method | "ALL", Route<State>>;
}

/** Splits a path into segments. */
export function splitPath(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Percent-decodes, leaving malformed text as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without a slash at the end, except for the root. */
export function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** Finds the route of a path: static patterns before dynamic ones, then as registered. */
export class Router<State> {
  readonly #static = new Map<string, PatternRoutes<State>>();
  readonly #dynamic = new Map<string, PatternRoutes<State>>();

  /** Adds a route; for one pattern and method the first wins. */
  add(route: Route<State>): void {
    const isDynamic = /[:*{}()?+]/.test(route.pattern.replaceAll(/\\./g, ""));
    const matcher = new URLPattern({ pathname: route.pattern });
    const key = isDynamic ? route.pattern : matcher.pathname.replaceAll(/\\(.)/g, "$1");
    const table = isDynamic ? this.#dynamic : this.#static;
    const entry = table.get(key) ?? { pattern: route.pattern, matcher, routes: new Map() };
    if (!entry.routes.has(route.method)) entry.routes.set(route.method, route);
    table.set(key, entry);
  }

  /** Looks a path up; the first pattern that matches decides. */
  match(method: string, pathname: string): Match<State> {
    const path = trimSlash(pathname);
    const exact = this.#static.get(path);
    if (exact !== undefined) return pick(exact, method, {});
    for (const entry of this.#dynamic.values()) {
      const result = entry.matcher.exec({ pathname: path });
      if (result === null) continue;
      const params: Record<string, string> = {};
      for (const [name, value] of Object.entries(result.pathname.groups)) params[name] = decode(value ?? "");
      return pick(entry, method, params);
    }
    return { route: null, pattern: null, params: {}, allowed: null };
  }
}

function pick<State>(entry: PatternRoutes<State>, method: string, params: Record<string, string>): Match<State> {
  const { routes, pattern } = entry;
  const route = routes.get(method as Method) ?? (method === "HEAD" ? routes.get("GET") : undefined) ??
    routes.get("ALL") ?? null;
  if (route !== null) return { route, pattern, params, allowed: null };
  const allowed = new Set<string>([...routes.keys(), "OPTIONS"]);
  if (routes.has("GET")) allowed.add("HEAD");
  return { route, pattern, params, allowed: [...allowed].sort() };
}
