// Loaded at the first page only: preact's renderer takes longer to load than the rest of this folder.
import { type ComponentChildren, type FunctionComponent, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { getBuildId } from "./build_id.ts";
import { type AnyComponent, type Context, INTERNALS, typed } from "./context.ts";
import { mergeHead } from "./head.ts";
import { serializeProps } from "./island_props.ts";
import { installRenderHooks } from "./render_hooks.ts";
import { type RenderState, withRender } from "./render_state.ts";
import type { PageProps, PageResponse } from "./types.ts";

installRenderHooks();

/** Renders a component of routes/ with the data of its handler. */
export async function renderComponent<State>(
  ctx: Context<State>,
  component: AnyComponent,
  { data, status, headers }: PageResponse<unknown>,
): Promise<Response> {
  const vnode = await create(component, propsOf(ctx, data, ctx.Component));
  return await renderPage(ctx, vnode, { status: status ?? 200, ...(headers === undefined ? {} : { headers }) });
}

/** Renders a page inside the layouts and `_app` in force into a whole document. */
export async function renderPage<State>(
  ctx: Context<State>,
  page: ComponentChildren,
  init: ResponseInit,
): Promise<Response> {
  const { layers: { app, layouts }, snapshot, nonce } = ctx[INTERNALS];
  let inner = page;
  for (const wrapper of [...layouts].reverse()) inner = await wrap(ctx, wrapper, inner);
  if (app !== null) inner = await wrap(ctx, app, inner);
  const known = snapshot?.islands ?? new Map();
  const state: RenderState = { url: ctx.url, nonce, known, islands: [], props: [], head: [] };
  const document = withRender(state, () => {
    const html = renderToString(h(() => inner as VNode, null));
    const whole = /<html[\s>]/i.test(html.slice(0, 200))
      ? html
      : `<html><head><meta charset="utf-8"></head><body>${html}</body></html>`;
    return mergeHead(whole, state.head, (child) => renderToString(child));
  });
  const { scripts, preload } = await bootScripts(ctx, state);
  const response = typed(`<!DOCTYPE html>${insertScripts(document, scripts)}`, "text/html; charset=utf-8", init);
  if (preload.length > 0) {
    const links = preload.map((path) => `<${encodeURI(path)}>; rel="modulepreload"; as="script"`);
    response.headers.append("link", links.join(", "));
  }
  return response;
}

function propsOf<State>(ctx: Context<State>, data: unknown, Component: FunctionComponent): PageProps<unknown, State> {
  const { url, req, params, state, route, error, config, info } = ctx;
  return { data, url, req, params, state, route, error, config, info, Component };
}

/** Async components are awaited here, as the renderer is synchronous; others may use hooks and stay components. */
async function create<State>(
  component: AnyComponent,
  props: PageProps<unknown, State>,
): Promise<ComponentChildren> {
  const render = component as (props: PageProps<unknown, State>) => ComponentChildren | Promise<ComponentChildren>;
  if (component.constructor.name === "AsyncFunction") return await render(props);
  return h(render as FunctionComponent<PageProps<unknown, State>>, props);
}

async function wrap<State>(
  ctx: Context<State>,
  wrapper: AnyComponent,
  inner: ComponentChildren,
): Promise<ComponentChildren> {
  return await create(wrapper, propsOf(ctx, undefined, () => inner as VNode));
}

function insertScripts(document: string, scripts: string): string {
  const end = document.lastIndexOf("</body>");
  return end === -1 ? document + scripts : document.slice(0, end) + scripts + document.slice(end);
}

/** The script that boots the islands of a page, none if there are none, and the modules to load ahead. */
async function bootScripts<State>(
  ctx: Context<State>,
  { islands, props, nonce }: RenderState,
): Promise<{ scripts: string; preload: string[] }> {
  const { snapshot } = ctx[INTERNALS];
  const { basePath } = ctx.config;
  const reload = snapshot?.reload ? `<script type="module" nonce="${nonce}">${snapshot.reload.script}</script>` : "";
  const runtime = snapshot?.runtime ?? null;
  if (islands.length === 0 || runtime === null) return { scripts: reload, preload: [] };
  const imports = islands.map(({ chunk, exportName }, i) =>
    `import { ${exportName} as i${i} } from ${scriptString(basePath + chunk.path)};`
  );
  const names = islands.map((_, i) => `i${i}`).join(", ");
  const source = `import { boot } from ${scriptString(basePath + runtime.path)};` +
    `${imports.join("")}boot([${names}], ${scriptString(await serializeProps(props))});`;
  const build = `data-build-id="${escapeAttribute(getBuildId())}" data-base-path="${escapeAttribute(basePath)}"`;
  const preload = new Set([runtime, ...islands.map(({ chunk }) => chunk)].flatMap((chunk) => chunk.preload));
  return {
    scripts: `<script type="module" nonce="${nonce}" ${build}>${source}</script>${reload}`,
    preload: [...preload].map((path) => basePath + path),
  };
}

/** A string literal that cannot end the script element around it. */
function scriptString(text: string): string {
  return JSON.stringify(text).replaceAll("<", "\\u003c");
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
