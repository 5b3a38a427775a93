import { deepEqual, equal, match } from "node:assert/strict";
import { App, type Context, csp, HttpError, page, type PageProps } from "fresh";
import { appOf, ask, withBuild } from "./support.ts";

const layout = (name: string) => ({
  default: ({ Component }: PageProps) => (
    <section class={name}>
      <Component />
    </section>
  ),
});
const errorPage = (name: string) => ({
  default: ({ error }: PageProps) => <p>{name}: {error instanceof Error ? error.message : "?"}</p>,
});
const thrower = (error: Error) => ({ handler: () => Promise.reject(error) });

Deno.test("an unknown path gets the nearest _error with status 404", async () => {
  const app = appOf({ "_error.tsx": errorPage("root"), "a/_error.tsx": errorPage("a"), "a/index.tsx": layout("x") });
  deepEqual((await ask(app, "/nope")).status, 404);
  match((await ask(app, "/nope")).text, /<p>root: Not Found<\/p>/);
  match((await ask(app, "/a/nope")).text, /<p>a: Not Found<\/p>/);
  equal((await ask(new App(), "/nope")).text, "Not Found");
});

Deno.test("a throw in a handler or while rendering gets the nearest _error inside that folder's layouts", async () => {
  const app = appOf({
    "_layout.tsx": layout("outer"),
    "_error.tsx": errorPage("root"),
    "a/_layout.tsx": layout("inner"),
    "a/_error.tsx": errorPage("a"),
    "a/handler.ts": thrower(new HttpError(418, "teapot")),
    "a/render.tsx": {
      default: () => {
        throw new Error("while rendering");
      },
    },
    "a/b/_layout.tsx": layout("deepest"),
    "a/b/index.ts": thrower(new Error("deep")),
    "top.ts": thrower(new Error("top")),
  });
  const handler = await ask(app, "/a/handler");
  equal(handler.status, 418);
  match(handler.text, /<section class="outer"><section class="inner"><p>a: teapot<\/p><\/section><\/section>/);
  const render = await ask(app, "/a/render");
  equal(render.status, 500);
  match(render.text, /<p>a: while rendering<\/p>/);
  match((await ask(app, "/a/b")).text, /<body><section class="outer"><section class="inner"><p>a: deep/);
  match((await ask(app, "/top")).text, /<body><section class="outer"><p>root: top/);
});

Deno.test("an _error page that throws leaves the error to the one above", async () => {
  const app = appOf({
    "_error.tsx": errorPage("root"),
    "b/_error.tsx": {
      default: () => {
        throw new HttpError(503, "worse");
      },
    },
    "b/index.ts": thrower(new HttpError(400, "bad")),
  });
  const { status, text } = await ask(app, "/b");
  equal(status, 503);
  match(text, /root: worse/);
});

Deno.test("without an _error page an HttpError answers with its message, others with nothing that leaks", async () => {
  const routes = { "http.ts": thrower(new HttpError(403)), "other.ts": thrower(new Error("secret")) };
  const http = await ask(appOf(routes), "/http");
  deepEqual([http.status, http.text], [403, "Forbidden"]);
  const other = await ask(appOf(routes), "/other");
  deepEqual([other.status, other.text], [500, "Internal server error"]);
  match((await ask(appOf(routes, { config: { mode: "development" } }), "/other")).text, /Error: secret\n/);
});

Deno.test("headers set after ctx.next() are kept on a page, lost on an error page of an outer scope", async () => {
  const setHeader = async (ctx: Context<unknown>) => {
    const res = await ctx.next();
    res.headers.set("x-after", "1");
    return res;
  };
  const app = withBuild(new App().use(setHeader).fsRoutes(), {
    "_error.tsx": errorPage("root"),
    "fine.tsx": { handler: () => page(null, { headers: { "x-page": "2" }, status: 202 }), default: () => <p>fine</p> },
    "broken.ts": thrower(new Error("broken")),
  });
  const fine = await ask(app, "/fine");
  deepEqual([fine.status, fine.headers.get("x-after"), fine.headers.get("x-page")], [202, "1", "2"]);
  equal((await ask(app, "/broken")).headers.get("x-after"), null);
  equal((await ask(app, "/unknown")).headers.get("x-after"), null);
});

Deno.test("middleware sees the errors that pass through it", async () => {
  const seen: unknown[] = [];
  const app = withBuild(
    new App().use(async (ctx) => {
      try {
        return await ctx.next();
      } catch (error) {
        seen.push(error);
        throw error;
      }
    }).fsRoutes(),
    { "_error.tsx": errorPage("root"), "broken.ts": thrower(new Error("broken")) },
  );
  match((await ask(app, "/broken")).text, /root: broken/);
  equal(seen.length, 1);
});

Deno.test("csp() sets a policy on every response, error pages too, with a new nonce each", async () => {
  const app = withBuild(new App().use(csp({ useNonce: true, csp: ["img-src 'self' blob:"] })).fsRoutes(), {
    "_error.tsx": errorPage("root"),
    "index.tsx": { default: () => <style>{"p{color:red}"}</style> },
    "proxy.ts": { handler: () => Response.redirect("http://localhost/") }, // its headers are immutable
  });
  const { headers, text } = await ask(app, "/");
  const policy = headers.get("content-security-policy") ?? "";
  const nonce = /script-src 'self' 'nonce-(\w+)'/.exec(policy)?.[1];
  match(text, new RegExp(`<style nonce="${nonce}">`));
  match(policy, /img-src 'self' blob:/);
  equal(policy.includes("unsafe"), false);
  equal(policy.includes("http"), false);
  match((await ask(app, "/proxy")).headers.get("content-security-policy") ?? "", /nonce-/);
  const missing = (await ask(app, "/nope")).headers.get("content-security-policy") ?? "";
  equal(missing !== policy && missing.includes("nonce-"), true);
});

Deno.test("csp() can only report, and to where", async () => {
  const app = new App().use(csp({ reportOnly: true, reportTo: "/reports" })).get("/", (ctx) => ctx.text(""));
  const { headers } = await ask(app, "/");
  match(headers.get("content-security-policy-report-only") ?? "", /report-to csp-endpoint; report-uri \/reports$/);
  equal(headers.get("reporting-endpoints"), 'csp-endpoint="/reports"');
  equal(headers.get("content-security-policy"), null);
});
