import { type Context, INTERNALS } from "./context.ts";
import type { Middleware } from "./types.ts";

/** Settings of `csp()`. */
export interface CspOptions {
  /** Only report violations. */
  reportOnly?: boolean;
  /** Path or URL that violations are reported to. */
  reportTo?: string;
  /** Directives that are added, or take the place of a default one of the same name. */
  csp?: string[];
  /** Allow inline scripts and styles by this response's nonce instead of 'unsafe-inline'. */
  useNonce?: boolean;
}

// No upgrade-insecure-requests: the dashboard is served over http on a private network, where it would break the page.
const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

function policyOf({ csp = [], reportTo }: CspOptions): string {
  const directives = new Map<string, string>();
  const reports = reportTo === undefined ? [] : ["report-to csp-endpoint", `report-uri ${reportTo}`];
  for (const directive of [...DEFAULTS, ...csp, ...reports]) {
    directives.set(directive.trim().split(/\s/, 1)[0] ?? "", directive.trim());
  }
  return [...directives.values()].join("; ");
}

/** Sets headers in place, or on a copy where they are immutable, as on a response that came from fetch(). */
function withHeaders(res: Response, headers: readonly (readonly [string, string])[]): Response {
  try {
    for (const [name, value] of headers) res.headers.set(name, value);
    return res;
  } catch {
    if (res.status === 101) return res; // an upgraded connection is no document, and cannot be copied
    const { body, status, statusText } = res;
    return withHeaders(new Response(body, { status, statusText, headers: new Headers(res.headers) }), headers);
  }
}

/** Sets a Content-Security-Policy on every response, error pages included. */
export function csp(options: CspOptions = {}): Middleware<unknown> {
  const { reportOnly = false, reportTo, useNonce = false } = options;
  const policy = policyOf(options);
  const name = reportOnly ? "content-security-policy-report-only" : "content-security-policy";
  return function setPolicy<State>(ctx: Context<State>) {
    const { nonce, finish } = ctx[INTERNALS];
    const value = useNonce ? policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`) : policy;
    const reporting = reportTo === undefined ? [] : [["reporting-endpoints", `csp-endpoint="${reportTo}"`] as const];
    finish.push((res) => withHeaders(res, [[name, value], ...reporting]));
    return ctx.next();
  };
}
