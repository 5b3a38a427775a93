/**
 * Headers that keep a page from being misused, and the settings of its Content-Security-Policy.
 * @module
 */
import type { csp, Middleware } from "fresh";

/**
 * For `csp()`: scripts and styles by nonce, nothing from third parties. `frame-ancestors 'none'` takes the place of
 * X-Frame-Options; a live number behind somebody's invisible frame is clickjacking's favourite.
 */
export const cspOptions: NonNullable<Parameters<typeof csp>[0]> = {
  useNonce: true,
  csp: [
    "default-src 'none'", // what is not named below is not loaded
    "script-src 'self' 'unsafe-inline'", // useNonce puts the nonce in the place of unsafe-inline
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'", // the event stream
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'", // an injected <base> would turn every relative link
    "form-action 'self'",
    "frame-ancestors 'none'",
  ],
};

const headers: readonly [name: string, value: string][] = [
  // A chat message served as JSON must never be sniffed into a page.
  ["x-content-type-options", "nosniff"],
  // URLs may hold names of streams; no other site needs to know them.
  ["referrer-policy", "no-referrer"],
  // Another site's window keeps no handle on ours.
  ["cross-origin-opener-policy", "same-origin"],
  // No other site embeds our answers, the event stream among them.
  ["cross-origin-resource-policy", "same-origin"],
  // A dashboard needs none of these.
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/** Sets the security headers. */
export function securityHeaders(): Middleware<unknown> {
  return async (ctx) => secured(await ctx.next());
}

/** The response with the security headers; the composition root also asks for error pages, which no middleware sees. */
export function secured(response: Response): Response {
  try {
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  } catch {
    // Headers of Response.redirect() and of fetched responses cannot be changed, an upgraded connection needs none.
    if (response.status === 101) return response;
    const { body, status, statusText } = response;
    return new Response(body, { status, statusText, headers: [...response.headers, ...headers] });
  }
}
