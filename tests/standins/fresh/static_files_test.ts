import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { App, staticFiles } from "fresh";
import { asset } from "fresh/runtime";
import { getBuildId, setBuildId } from "../../../standins/fresh/build_id.ts";
import { ask, withBuild } from "./support.ts";

const statics = { "/styles.css": "a{}", "/a b.txt": "spaced" };
const app = withBuild(new App().use(staticFiles()).get("/page", (ctx) => ctx.text("page")), {}, { statics });

Deno.test("a static file has a weak ETag and no-store", async () => {
  const { status, text, headers } = await ask(app, "/styles.css");
  deepEqual([status, text, headers.get("content-type")], [200, "a{}", "text/css; charset=utf-8"]);
  match(headers.get("etag") ?? "", /^W\/"[0-9a-f]{16}"$/);
  match(headers.get("cache-control") ?? "", /no-store/);
});

Deno.test("a static file whose URL carries the build id is immutable for one year", async () => {
  const { headers } = await ask(app, asset("/styles.css"));
  equal(headers.get("cache-control"), "public, max-age=31536000, immutable");
  match((await ask(app, "/styles.css?__frsh_c=old")).headers.get("cache-control") ?? "", /no-store/);
});

Deno.test("a browser that has the file gets 304, and HEAD no body", async () => {
  const { headers } = await ask(app, "/styles.css");
  const etag = headers.get("etag") ?? "";
  for (const tag of [etag, etag.slice(2), `"x", ${etag}`]) {
    const again = await ask(app, "/styles.css", { headers: { "if-none-match": tag } });
    deepEqual([again.status, again.text], [304, ""]);
  }
  const head = await ask(app, "/styles.css", { method: "HEAD" });
  deepEqual([head.status, head.text, head.headers.get("etag")], [200, "", etag]);
});

Deno.test("a missing file is 404, other methods and paths go on to the routes", async () => {
  equal((await ask(app, "/missing.css")).status, 404);
  equal((await ask(app, "/styles.css", { method: "POST" })).status, 404);
  equal((await ask(app, "/page")).text, "page");
  equal((await ask(app, "/a%20b.txt")).text, "spaced");
});

Deno.test("no path leads out of static/", async () => {
  for (
    const path of [
      "/../deno.json",
      "/..%2fdeno.json",
      "/%2e%2e/deno.json",
      "/.%5c..%5cdeno.json",
      "/%00",
      "/%",
      "//styles.css",
    ]
  ) {
    equal((await ask(app, path)).status, 404, path);
  }
});

Deno.test("the build id is random, given by a build, or DENO_DEPLOYMENT_ID, which wins", () => {
  match(getBuildId(), /^\w+$/);
  setBuildId("given");
  equal(asset("/x.css?a=1#h"), "/x.css?a=1&__frsh_c=given#h");
  const before = Deno.env.get("DENO_DEPLOYMENT_ID");
  Deno.env.set("DENO_DEPLOYMENT_ID", "deployed");
  try {
    setBuildId("given");
    equal(getBuildId(), "deployed");
  } finally {
    if (before === undefined) Deno.env.delete("DENO_DEPLOYMENT_ID");
    else Deno.env.set("DENO_DEPLOYMENT_ID", before);
  }
  setBuildId("next");
  notEqual(getBuildId(), "deployed");
});

Deno.test("asset() leaves URLs of other hosts and finished ones alone", () => {
  for (const url of ["https://x.test/a.css", "//x.test/a.css", "data:,x", "relative.css", asset("/a.css")]) {
    equal(asset(url), url);
  }
});
