/**
 * Errors of the API are JSON: `{"error":{"status":404,"message":"…"}}`.
 * @module
 */
import { HttpError } from "fresh";
import { define } from "../(_lib)/define.ts";

/** Answers errors of what is below; anything but an HttpError stays behind the words "Internal server error". */
export default define.middleware(async (ctx) => {
  try {
    return await ctx.next();
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    const own = error instanceof HttpError ? error.message : "Internal server error";
    const message = own !== "" ? own : status === 404 ? `There is nothing at ${ctx.url.pathname}` : `Error ${status}`;
    return ctx.json({ error: { status, message } }, { status, headers: { "cache-control": "no-store" } });
  }
});
