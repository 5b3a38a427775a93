import type { ComponentChildren, FunctionComponent } from "preact";
import type { Snapshot } from "./snapshot.ts";
import type { PageComponent } from "./types.ts";

/** Resolved settings of the app. */
export interface ContextConfig {
  /** Path that the app is served under, without a slash at its end. */
  basePath: string;
  /** Development shows the stack of an error that has no page. */
  mode: "development" | "production";
}

/** A component for any state: not to be generic keeps `Context<State>` assignable to `Context<unknown>`. */
export type AnyComponent = PageComponent<unknown, never>;

/** The wrappers around a page at one point of the tree. */
export interface Layers {
  /** `_app`, if any. */
  readonly app: AnyComponent | null;
  /** From the outermost to the innermost. */
  readonly layouts: readonly AnyComponent[];
}

/** What the parts of this folder share about a request, out of the app's sight. */
export interface ContextInternals {
  /** The next step of the chain. */
  next: () => Promise<Response>;
  /** Error that is being answered. */
  error: unknown;
  /** Wrappers in force. */
  layers: Layers;
  /** Build in use. */
  readonly snapshot: Snapshot | null;
  /** Nonce of this response. */
  readonly nonce: string;
  /** Applied to whatever response leaves the app, error pages too. */
  readonly finish: ((res: Response) => Response)[];
}

/** Key of the internals of a Context. */
export const INTERNALS = Symbol("fresh.internals");

/** Everything about one request, shared by all middleware and handlers that see it. */
export class Context<State> {
  /** Settings of the app. */
  readonly config: ContextConfig;
  /** URL of the request. */
  readonly url: URL;
  /** The request. */
  req: Request;
  /** Values of the pattern's named parts, decoded. */
  readonly params: Record<string, string>;
  /** Pattern of the route, null if none matched. */
  readonly route: string | null;
  /** One object for each request, for middleware to fill. */
  readonly state: State = {} as State;
  /** About the connection. */
  readonly info: Deno.ServeHandlerInfo;
  /** In `_app` and `_layout` what they wrap; nothing here. */
  readonly Component: FunctionComponent = () => null;
  /** @ignore Shared by the parts of this folder; not for apps. */
  readonly [INTERNALS]: ContextInternals;

  /** Made by the App for each request. */
  constructor(
    req: Request,
    init: {
      url: URL;
      config: ContextConfig;
      info: Deno.ServeHandlerInfo;
      params: Record<string, string>;
      route: string | null;
      snapshot: Snapshot | null;
    },
  ) {
    this.req = req;
    this.url = init.url;
    this.config = init.config;
    this.info = init.info;
    this.params = init.params;
    this.route = init.route;
    this[INTERNALS] = {
      next: () => Promise.reject(new TypeError("Cannot call next(): nothing follows")),
      error: null,
      layers: { app: null, layouts: [] },
      snapshot: init.snapshot,
      nonce: crypto.randomUUID().replaceAll("-", ""),
      finish: [],
    };
  }

  /** The error that an `_error` page answers, else null. */
  get error(): unknown {
    return this[INTERNALS].error;
  }

  /** Runs what follows and gives its response. */
  next(): Promise<Response> {
    return this[INTERNALS].next();
  }

  /** Answers with a redirect, 302 unless told otherwise. */
  redirect(pathOrUrl: string, status = 302): Response {
    // "//x", "/\x" and "/<tab>/x" mean another host to a browser: a path stays a path.
    const location = pathOrUrl.replace(/[\t\r\n]/g, "").replace(/^[/\\]{2,}|^\/(?=\\)/, "/");
    return new Response(null, { status, headers: { location } });
  }

  /** Renders a page inside the layouts and `_app` in force. */
  async render(vnode: ComponentChildren, init: ResponseInit = {}): Promise<Response> {
    const { renderPage } = await import("./render.ts"); // preact's renderer is not loaded before a first page
    return await renderPage(this, vnode, init);
  }

  /** Answers with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return typed(content, "text/plain; charset=utf-8", init);
  }

  /** Answers with HTML. */
  html(content: string, init?: ResponseInit): Response {
    return typed(content, "text/html; charset=utf-8", init);
  }

  /** Answers with JSON. */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }
}

/** A response of this type, unless the caller's headers name another. */
export function typed(body: BodyInit | null, contentType: string, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", contentType);
  return new Response(body, { ...init, headers });
}
