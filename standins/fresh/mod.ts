/**
 * Own small implementation of the part of Fresh 2 that Tidemark uses (server side).
 *
 * @module
 */
export { App, type AppHandler, type ListenOptions } from "./app.ts";
export { Context, type ContextConfig } from "./context.ts";
export { csp, type CspOptions } from "./csp.ts";
export { createDefine, type Define, page } from "./define.ts";
export { HttpError } from "./http_error.ts";
export { staticFiles } from "./static_files.ts";
export type {
  AppConfig,
  DataOf,
  DataOfHandlers,
  HandlerByMethod,
  HandlerData,
  HandlerFunction,
  HandlerResult,
  Method,
  Middleware,
  PageComponent,
  PageProps,
  PageResponse,
  RouteConfig,
  RouteHandler,
} from "./types.ts";
