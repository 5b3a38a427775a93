import { App, type AppConfig } from "fresh";
import { applySnapshot, indexIslands, type StaticFile } from "../../../standins/fresh/snapshot.ts";

/** Modules of routes/ by path. */
export type Modules = Record<string, Record<string, unknown>>;

/** What an app under test has besides its routes. */
export interface Parts {
  islands?: Modules;
  statics?: Record<string, string>;
  config?: AppConfig;
}

/** Gives an app a build without bundling anything: routes, islands and static files are given as values. */
export function withBuild<State>(app: App<State>, routes: Modules, { islands = {}, statics = {} }: Parts = {}) {
  const chunkOf = (name: string) => ({ path: `/_fresh/js/${name}.js`, preload: [`/_fresh/js/${name}.js`] });
  const files = new Map<string, StaticFile>();
  for (const [path, text] of Object.entries(statics)) {
    const read = () => Promise.resolve(new TextEncoder().encode(text));
    files.set(path, { hash: null, immutable: false, read });
  }
  applySnapshot(app, {
    mode: app.config.mode,
    routes: Object.entries(routes).map(([path, module]) => ({ path, module })),
    islands: indexIslands(Object.entries(islands).map(([name, module]) => ({ name, chunk: chunkOf(name), module }))),
    runtime: chunkOf("runtime"),
    files,
    reload: null,
  });
  return app;
}

/** An app of route files only. */
export function appOf(routes: Modules, parts: Parts = {}): App<unknown> {
  return withBuild(new App<unknown>(parts.config).fsRoutes(), routes, parts);
}

/** Sends a request through an app's handler. */
export async function ask<State>(app: App<State>, path: string, init: RequestInit = {}) {
  const res = await app.handler()(new Request(`http://localhost${path}`, init));
  return { status: res.status, headers: res.headers, text: await res.text() };
}
