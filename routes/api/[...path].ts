/**
 * Whatever is not part of the API.
 * @module
 */
import { HttpError } from "fresh";
import { define } from "../(_lib)/define.ts";

/** Not found, as the API's JSON. */
export const handler = define.handlers((ctx) => {
  throw new HttpError(404, `There is nothing at ${ctx.url.pathname}`);
});
