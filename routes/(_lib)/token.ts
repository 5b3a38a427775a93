/**
 * The token that callers show when Tidemark listens on more than loopback.
 * @module
 */
import type { Context, Middleware } from "fresh";
import { createHash, timingSafeEqual } from "node:crypto";

/** Cookie that a browser keeps after one visit with `?token=`. */
const COOKIE = "tidemark_token";
const COOKIE_AGE_S = 30 * 24 * 3_600;
/** A container's health check has no token. */
const OPEN_PATHS: readonly string[] = ["/api/health"];

const digest = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/**
 * Lets requests in that carry the token: `Authorization: Bearer <token>`, or the cookie that a browser gets by opening
 * any page once with `?token=<token>`, which then redirects to the page without it.
 */
export function requireToken(token: string): Middleware<unknown> {
  const expected = digest(token);
  // The cookie holds a hash, so that the token itself is in no browser's store.
  const session = digest(`cookie:${token}`).toHex();
  const expectedSession = digest(session);
  // Digests are of one length: the comparison takes the same time whatever was sent.
  const isToken = (text: string) => timingSafeEqual(digest(text), expected);
  const isSession = (text: string) => timingSafeEqual(digest(text), expectedSession);
  return (ctx) => {
    if (OPEN_PATHS.includes(ctx.url.pathname)) return ctx.next();
    const shown = ctx.url.searchParams.get("token");
    if (shown !== null && isToken(shown)) return welcome(ctx, session);
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(ctx.req.headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined && isToken(bearer)) return ctx.next();
    const cookie = cookieOf(ctx.req);
    if (cookie !== undefined && isSession(cookie)) return ctx.next();
    return refuse(ctx);
  };
}

function welcome({ url }: Context<unknown>, session: string): Response {
  const target = new URL(url);
  target.searchParams.delete("token");
  const secure = url.protocol === "https:" ? "; Secure" : "";
  return new Response(null, {
    status: 303,
    headers: {
      // Only the path: a redirect to another host cannot be had from us.
      location: `/${target.pathname.replace(/^[/\\]+/, "")}${target.search}`,
      "set-cookie": `${COOKIE}=${session}; Path=/; Max-Age=${COOKIE_AGE_S}; HttpOnly; SameSite=Strict${secure}`,
      "cache-control": "no-store",
    },
  });
}

function cookieOf(req: Request): string | undefined {
  const pairs = (req.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function refuse(ctx: Context<unknown>): Response {
  const init = { status: 401, headers: { "www-authenticate": "Bearer", "cache-control": "no-store" } };
  const message =
    "A token is needed: open the dashboard once with ?token=<TIDEMARK_TOKEN>, or send it as a Bearer token.";
  return ctx.url.pathname.startsWith("/api/")
    ? ctx.json({ error: { status: 401, message } }, init)
    : ctx.text(`${message}\n`, init);
}
