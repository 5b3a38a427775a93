import type { ComponentChildren, FunctionComponent } from "preact";
import type { Context } from "./context.ts";

/** Settings of an App. */
export interface AppConfig {
  /** Path that the whole app is served under, such as `/tidemark`; empty by default. */
  basePath?: string;
  /** In development an error without an `_error` page shows its stack; default `production`. */
  mode?: "development" | "production";
}

/** The request methods that a handler may name. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";

/** A step that answers, or calls `ctx.next()` and passes on (and may change) what it gets. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** What a handler gives back to have its page rendered; made by `page()`. */
export interface PageResponse<Data> {
  /** Arrives at the component as `props.data`. */
  readonly data: Data;
  /** Added to the headers of the page. */
  readonly headers?: HeadersInit | undefined;
  /** Status of the page, 200 by default. */
  readonly status?: number | undefined;
}

/** What a handler of a route file returns. */
export type HandlerResult<Data> = Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** One handler function of a route file. */
export type HandlerFunction<Data, State> = (ctx: Context<State>) => HandlerResult<Data>;

/** Handlers by request method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFunction<Data, State> };

/** What a route file exports as `handler` or `handlers`. */
export type RouteHandler<Data, State> = HandlerFunction<Data, State> | HandlerByMethod<Data, State>;

/** What page, layout, app and error components receive. */
export interface PageProps<Data = unknown, State = unknown> {
  /** From the handler's `page(data)`; undefined without a handler. */
  readonly data: Data;
  /** URL of the request. */
  readonly url: URL;
  /** The request itself. */
  readonly req: Request;
  /** Values of the pattern's named parts, decoded. */
  readonly params: Record<string, string>;
  /** State that middleware filled. */
  readonly state: State;
  /** Pattern of the route, null if none matched. */
  readonly route: string | null;
  /** The error that an `_error` page answers; null elsewhere. */
  readonly error: unknown;
  /** In `_app` and `_layout`: what they wrap. */
  readonly Component: FunctionComponent;
  /** Settings of the app. */
  readonly config: Context<State>["config"];
  /** About the connection. */
  readonly info: Deno.ServeHandlerInfo;
}

/** A component of a route file; it may be async. */
export type PageComponent<Data, State> = (
  props: PageProps<Data, State>,
) => ComponentChildren | Promise<ComponentChildren>;

/** What a route or layout file may export as `config`. */
export interface RouteConfig {
  /** Pattern to use instead of the one from the file's path. */
  routeOverride?: string;
  /** Leave out the layouts of the folders above. */
  skipInheritedLayouts?: boolean;
  /** Leave out `_app`. */
  skipAppWrapper?: boolean;
  /** Methods that the route answers, all by default. */
  methods?: "ALL" | readonly Method[];
}

/** The data of one handler's result. */
export type DataOf<Result> = Awaited<Result> extends infer R ? R extends PageResponse<infer Data> ? Data : never
  : never;

/** The data of all results of a handler or of handlers by method. */
export type DataOfHandlers<H> = H extends (...args: never[]) => infer Result ? DataOf<Result>
  : { [K in keyof H]: H[K] extends (...args: never[]) => infer Result ? DataOf<Result> : never }[keyof H];

/** The data that a handler's `page(data)` gives to its component; unknown if it never calls `page`. */
export type HandlerData<H> = [H] extends [never] ? unknown
  : [DataOfHandlers<H>] extends [never] ? unknown
  : DataOfHandlers<H>;
