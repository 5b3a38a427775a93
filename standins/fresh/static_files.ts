import { BUILD_PARAM } from "./asset_url.ts";
import { getBuildId } from "./build_id.ts";
import { type Context, INTERNALS } from "./context.ts";
import { decode } from "./router.ts";
import type { StaticFile } from "./snapshot.ts";
import type { Middleware } from "./types.ts";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  ico: "image/vnd.microsoft.icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
  xml: "application/xml; charset=utf-8",
};

/** Short hash of a file's content. */
export async function hashOf(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex().slice(0, 16);
}

/** Serves static/ and the client modules of the build; other paths go on to the routes. */
export function staticFiles(): Middleware<unknown> {
  return async function serveStatic<State>(ctx: Context<State>) {
    const { snapshot } = ctx[INTERNALS];
    const isRead = ctx.req.method === "GET" || ctx.req.method === "HEAD";
    const path = decode(ctx.url.pathname.slice(ctx.config.basePath.length));
    // A list made at build time, not the file system: no path leads out of static/.
    const file = isRead ? snapshot?.files.get(path) : undefined;
    return file === undefined ? await ctx.next() : await serve(ctx.req, ctx.url, path, file);
  };
}

async function serve(req: Request, url: URL, path: string, file: StaticFile): Promise<Response> {
  const isForever = file.immutable || url.searchParams.get(BUILD_PARAM) === getBuildId();
  const content = file.hash === null || req.method === "GET" ? await file.read() : null;
  const etag = `W/"${file.hash ?? await hashOf(content ?? await file.read())}"`;
  const headers = {
    "content-type": TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream",
    "cache-control": isForever
      ? "public, max-age=31536000, immutable"
      : "no-cache, no-store, max-age=0, must-revalidate",
    etag,
  };
  const known = req.headers.get("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^(?!W\/)/, "W/"));
  if (known?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(content, { headers });
}
