import { deepEqual, equal, match, throws } from "node:assert/strict";
import { App, type Context, page, type PageProps, type RouteConfig } from "fresh";
import { appOf, ask, withBuild } from "./support.ts";

const text = (content: string) => ({ default: () => <p>{content}</p> });
const routeOf = { default: ({ route, params }: PageProps) => <p>{route} {JSON.stringify(params)}</p> };

Deno.test("a page with a component only answers POST with 200 and the page", async () => {
  const { status, text: html } = await ask(appOf({ "index.tsx": text("hello") }), "/", { method: "POST" });
  equal(status, 200);
  match(html, /<p>hello<\/p>/);
});

Deno.test("a method that a by-method handler of a file route lacks is not found, through _error, not 405", async () => {
  const app = appOf({
    "api.ts": { handler: { POST: () => new Response("posted") } },
    "_error.tsx": { default: ({ error }: PageProps) => <p>{String(error)}</p> },
  });
  equal((await ask(app, "/api", { method: "POST" })).text, "posted");
  const missing = await ask(app, "/api");
  equal(missing.status, 404);
  match(missing.text, /HttpError: Not Found/);
});

Deno.test("a handler for POST leaves GET and HEAD to the component, and other methods not found", async () => {
  const app = appOf({ "form.tsx": { ...text("form"), handlers: { POST: () => page(null, { status: 422 }) } } });
  equal((await ask(app, "/form")).status, 200);
  equal((await ask(app, "/form", { method: "HEAD" })).text, "");
  equal((await ask(app, "/form", { method: "POST" })).status, 422);
  equal((await ask(app, "/form", { method: "PUT" })).status, 404);
});

Deno.test("another method of an app.get route is 405, HEAD is served by GET, OPTIONS is 204 with Allow", async () => {
  const app = new App().get("/x", (ctx) => ctx.text("y", { headers: { "x-own": "1" } }));
  equal((await ask(app, "/x")).text, "y");
  const post = await ask(app, "/x", { method: "POST" });
  equal(post.status, 405);
  equal(post.headers.get("allow"), "GET, HEAD, OPTIONS");
  const head = await ask(app, "/x", { method: "HEAD" });
  deepEqual([head.status, head.text, head.headers.get("x-own")], [200, "", "1"]);
  const options = await ask(app, "/x", { method: "OPTIONS" });
  deepEqual([options.status, options.headers.get("allow")], [204, "GET, HEAD, OPTIONS"]);
});

Deno.test("each method of an app has its own route for one pattern", async () => {
  const say = (word: string) => (ctx: Context<unknown>) => ctx.text(word);
  const app = new App().get("/x", say("get")).post("/x", say("post")).put("/x", say("put")).patch("/x", say("patch"))
    .delete("/x", say("delete")).head("/only", say("head")).all("/any/*", say("all"));
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    equal((await ask(app, "/x", { method })).text, method.toLowerCase());
  }
  equal((await ask(app, "/only", { method: "HEAD" })).status, 200);
  equal((await ask(app, "/any/a/b", { method: "PURGE" })).text, "all");
});

Deno.test("/about/ shows the page of /about with 200", async () => {
  const app = appOf({ "about.tsx": text("about") });
  deepEqual(await ask(app, "/about/"), await ask(app, "/about"));
  equal((await ask(app, "/about/")).status, 200);
});

Deno.test("static patterns win over dynamic ones, then the first registered", async () => {
  const app = new App()
    .get("/:any", (ctx) => ctx.text(`any ${ctx.params["any"]}`))
    .get("/:other", (ctx) => ctx.text("other"))
    .get("/fixed", (ctx) => ctx.text("fixed"))
    .get("/fixed", (ctx) => ctx.text("again"));
  equal((await ask(app, "/fixed")).text, "fixed");
  equal((await ask(app, "/free")).text, "any free");
});

Deno.test("files become routes: index, [id], [...rest], (group), routeOverride; (_x) and tests do not", async () => {
  const override: RouteConfig = { routeOverride: "/elsewhere/:key" };
  const app = appOf({
    "index.tsx": routeOf,
    "[...rest].tsx": routeOf,
    "blog/index.tsx": routeOf,
    "blog/[id].tsx": routeOf,
    "blog/new.tsx": routeOf,
    "(group)/inside.tsx": routeOf,
    "moved.tsx": { ...routeOf, config: override },
    "(_parts)/part.tsx": { default: () => <p>part</p> },
    "blog/new_test.tsx": { default: () => <p>test</p> },
  });
  const shown = async (path: string) =>
    /<p>(.*)<\/p>/.exec((await ask(app, path)).text)?.[1]?.replaceAll("&quot;", "'");
  equal(await shown("/"), "/ {}");
  equal(await shown("/blog"), "/blog {}");
  equal(await shown("/blog/a%20b"), "/blog/:id {'id':'a b'}");
  equal(await shown("/blog/new"), "/blog/new {}");
  equal(await shown("/inside"), "/inside {}");
  equal(await shown("/elsewhere/k"), "/elsewhere/:key {'key':'k'}");
  equal(await shown("/part"), "/:rest* {'rest':'part'}");
  equal(await shown("/a/b/c"), "/:rest* {'rest':'a/b/c'}");
  equal(await shown("/blog/new_test"), "/blog/:id {'id':'new_test'}");
});

Deno.test("config.methods limits a route to its methods", async () => {
  const app = appOf({ "only.tsx": { ...text("only"), config: { methods: ["GET"] } } });
  equal((await ask(app, "/only", { method: "HEAD" })).status, 200);
  equal((await ask(app, "/only", { method: "POST" })).status, 404);
});

Deno.test("a route sees only the middleware, layouts and error pages registered before it", async () => {
  const mark = (name: string) => async (ctx: Context<unknown>) => {
    const res = await ctx.next();
    res.headers.append("x-seen", name);
    return res;
  };
  const app = new App()
    .use(mark("first"))
    .get("/early", (ctx) => ctx.render(<p>early</p>))
    .get("/early-throw", () => Promise.reject(new Error("early")))
    .use(mark("second"))
    .fsRoutes()
    .get("/late", (ctx) => ctx.render(<p>late</p>))
    .use(mark("third"))
    .get("/last", (ctx) => ctx.text("last"));
  withBuild(app, {
    "page.tsx": text("page"),
    "_layout.tsx": {
      default: ({ Component }: PageProps) => (
        <main>
          <Component />
        </main>
      ),
    },
    "_error.tsx": { default: () => <p>caught</p> },
  });
  const seen = async (path: string) => {
    const { headers, text } = await ask(app, path);
    return [headers.get("x-seen"), text.includes("<main>")];
  };
  deepEqual(await seen("/early"), ["first", false]);
  deepEqual(await seen("/page"), ["second, first", true]);
  deepEqual(await seen("/late"), ["second, first", true]);
  deepEqual(await seen("/last"), ["third, second, first", false]);
  equal((await ask(app, "/early-throw")).text, "Internal server error");
});

Deno.test("middleware runs from the root down, for its folder and below, and shares the state", async () => {
  const add = (name: string) => (ctx: Context<{ path?: string }>) => {
    ctx.state.path = `${ctx.state.path ?? ""}/${name}`;
    return ctx.next();
  };
  const show = { handler: (ctx: Context<{ path?: string }>) => ctx.text(ctx.state.path ?? "") };
  const app = withBuild(new App<{ path?: string }>().use(add("app")).use("/a/b", add("url")).fsRoutes(), {
    "_middleware.ts": { default: add("root") },
    "(g)/_middleware.ts": { default: add("group") },
    "(g)/grouped.ts": show,
    "a/_middleware.ts": { handler: [add("a1"), add("a2")] },
    "a/index.ts": show,
    "a/b/index.ts": show,
    "other.ts": show,
  });
  equal((await ask(app, "/other")).text, "/app/root");
  equal((await ask(app, "/grouped")).text, "/app/root/group");
  equal((await ask(app, "/a")).text, "/app/root/a1/a2");
  equal((await ask(app, "/a/b")).text, "/app/root/a1/a2/url");
});

Deno.test("app.use below a path covers a URL whatever route answers it, encoded or not", async () => {
  const app = new App().use("/private/*", (ctx) => ctx.text("refused", { status: 401 }))
    .all("/:any*", (ctx) => ctx.text("open"));
  for (const path of ["/private", "/private/x", "/%70rivate/x", "//private/x"]) {
    equal((await ask(app, path)).status, 401);
  }
  equal((await ask(app, "/privately")).text, "open");
});

Deno.test("an app with a base path answers below it only", async () => {
  const app = new App({ basePath: "/base/" }).get("/x", (ctx) => ctx.text("x"));
  equal((await ask(app, "/base/x")).text, "x");
  equal((await ask(app, "/x")).status, 404);
  equal((await ask(app, "/basement/x")).status, 404);
  new App({ basePath: "/" }); // asset() keeps the last base path that was set
  const { setBasePath } = await import("../../../standins/fresh/build_id.ts");
  setBasePath("");
});

Deno.test("fsRoutes without a build fails with the fix", () => {
  throws(() => new App().fsRoutes().handler(), /no build is applied.*`deno task build`/);
});

Deno.test("a redirect is 302 and stays on this host for any path", () => {
  let redirected: Context<unknown> | undefined;
  new App().get("/", (ctx) => (redirected = ctx, ctx.text(""))).handler()(new Request("http://localhost/"));
  const to = (path: string, status?: number) => redirected?.redirect(path, status);
  deepEqual([to("/x")?.status, to("/x", 303)?.status], [302, 303]);
  for (const path of ["//x", "/\\x", "/\t/x", "\\/x"]) equal(to(path)?.headers.get("location"), "/x");
  equal(to("https://example.com/")?.headers.get("location"), "https://example.com/");
  equal(to("next?a=//b")?.headers.get("location"), "next?a=//b");
});

Deno.test("text, html and json answer with their types", async () => {
  const app = new App()
    .get("/text", (ctx) => ctx.text("<b>"))
    .get("/html", (ctx) => ctx.html("<b>"))
    .get("/json", (ctx) => ctx.json({ a: 1 }, { status: 201 }));
  equal((await ask(app, "/text")).headers.get("content-type"), "text/plain; charset=utf-8");
  equal((await ask(app, "/html")).headers.get("content-type"), "text/html; charset=utf-8");
  const json = await ask(app, "/json");
  deepEqual([json.status, json.text, json.headers.get("content-type")], [201, '{"a":1}', "application/json"]);
});
