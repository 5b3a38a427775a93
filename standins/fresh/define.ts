import type { HandlerData, Middleware, PageComponent, PageResponse, RouteHandler } from "./types.ts";

/** Answers from a handler with the file's own component, given this data. */
export function page<T>(data: T, options?: { headers?: HeadersInit; status?: number }): PageResponse<T> {
  return { data, headers: options?.headers, status: options?.status };
}

/** Identity functions that give the parts of a route file their types. */
export interface Define<State> {
  /** Types a function or `{ GET, POST, … }`. */
  handlers<H extends RouteHandler<unknown, State>>(handlers: H): H;
  /** Types a page; `define.page<typeof handler>(…)` infers `props.data`. */
  page<H extends RouteHandler<unknown, State> = never, Data = HandlerData<H>>(
    component: PageComponent<Data, State>,
  ): PageComponent<Data, State>;
  /** Types a layout. */
  layout(component: PageComponent<unknown, State>): PageComponent<unknown, State>;
  /** Types one middleware or several. */
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): M;
}

/** Makes the identity functions for one type of state. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (component) => component,
    layout: (component) => component,
    middleware: (middleware) => middleware,
  };
}
