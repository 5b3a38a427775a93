import { signal } from "@preact/signals";
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import type { ComponentChildren } from "preact";
import { App, createDefine, csp, HttpError, page, type PageProps, staticFiles } from "fresh";
import { asset, Head, IS_BROWSER } from "fresh/runtime";
import { appOf, ask, withBuild } from "./support.ts";

type AnyProps = Record<string, unknown>;
const Island = (_props: AnyProps) => <b>island</b>;
const Other = (props: AnyProps & { inner?: boolean }) => <i>{props.inner ? <Island /> : "other"}</i>;
const islands = { "Island": { default: Island }, "Other": { Other } };
const withIslands = (node: () => ComponentChildren) => appOf({ "index.tsx": { default: node } }, { islands });

Deno.test("a page without islands has no script at all", async () => {
  const { text, headers } = await ask(withIslands(() => <p>still</p>), "/");
  doesNotMatch(text, /<script/);
  equal(headers.get("link"), null);
});

Deno.test("a page with islands has one inline module script with a nonce, and modulepreload links", async () => {
  const { text, headers } = await ask(
    withIslands(() => (
      <p>
        <Island n={1} />
        <Other />
        <Island n={2} />
      </p>
    )),
    "/",
  );
  equal(text.match(/<script/g)?.length, 1);
  match(text, /<script type="module" nonce="\w{32}"[^>]*>import \{ boot \} from "\/_fresh\/js\/runtime.js";/);
  match(text, /import \{ default as i0 \} from "\/_fresh\/js\/Island.js";import \{ Other as i1 \} from/);
  match(
    text,
    /<!--fresh:0:0--><b>island<\/b><!--\/fresh--><!--fresh:1:1--><i>other<\/i><!--\/fresh--><!--fresh:0:2-->/,
  );
  const link = headers.get("link") ?? "";
  for (const name of ["runtime", "Island", "Other"]) {
    match(link, new RegExp(`</_fresh/js/${name}.js>; rel="modulepreload"; as="script"`));
  }
});

Deno.test("an island within an island belongs to the outer one", async () => {
  const { text } = await ask(withIslands(() => <Other inner />), "/");
  match(text, /<!--fresh:0:0--><i><b>island<\/b><\/i><!--\/fresh-->/);
});

Deno.test("a function as an island's prop is 500 Serializing functions is not supported.", async () => {
  const app = appOf({
    "index.tsx": { default: () => <Island onDone={() => {}} /> },
    "_error.tsx": { default: ({ error }: PageProps) => <p>{(error as Error).message}</p> },
  }, { islands });
  const { status, text } = await ask(app, "/");
  equal(status, 500);
  match(text, /<p>Serializing functions is not supported\.<\/p>/);
});

Deno.test("class instances, promises and JSX as an island's prop are refused", async () => {
  const jsx = <p>jsx</p>;
  for (const value of [new HttpError(1), new (class Own {})(), Promise.resolve(1), jsx, Symbol("s")]) {
    equal((await ask(withIslands(() => <Island value={value} />), "/")).status, 500);
  }
});

Deno.test("props of islands are data of many kinds, and cannot end the script", async () => {
  const value = [undefined, NaN, -Infinity, 10n, new Date(0), new URL("http://x/"), new Map([[1, new Set([2])]])];
  const { status, text } = await ask(
    withIslands(() => <Island value={value} bytes={new Uint8Array(3)} html="</script><!--" />),
    "/",
  );
  equal(status, 200);
  equal(text.match(/<\/script>/g)?.length, 1);
});

Deno.test("the same Signal in several islands is serialised once", async () => {
  const shared = signal("shared-value");
  const { text } = await ask(
    withIslands(() => (
      <p>
        <Island s={shared} />
        <Other s={shared} />
      </p>
    )),
    "/",
  );
  equal(text.match(/shared-value/g)?.length, 1);
  equal(text.match(/Signal/g)?.length, 1);
});

Deno.test("the current page's link gets aria-current and data-current, in each request anew", async () => {
  const kept = <a href="/kept">kept</a>;
  const nav = {
    default: () => (
      <nav>
        {kept}
        <a href="/a?x=1#y">a</a>
        <a href="https://other.test/a">o</a>
        <a href="#z">z</a>
      </nav>
    ),
  };
  const app = appOf({ "a.tsx": nav, "kept.tsx": nav });
  match((await ask(app, "/kept")).text, /<a aria-current="page" data-current="true" href="\/kept">/);
  const { text } = await ask(app, "/a/");
  match(text, /<a aria-current="page" data-current="true" href="\/a\?x=1#y">a/);
  equal(text.match(/aria-current/g)?.length, 1);
});

Deno.test("a page without _app gets a minimal html, head with charset, and body", async () => {
  const { text, headers } = await ask(withIslands(() => <p>bare</p>), "/");
  equal(text, '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><p>bare</p></body></html>');
  equal(headers.get("content-type"), "text/html; charset=utf-8");
});

Deno.test("Head in a page is merged over _app's head, and the page's title wins", async () => {
  const app = appOf({
    "_app.tsx": {
      default: ({ Component }: PageProps) => (
        <html>
          <head>
            <title>App</title>
            <meta name="description" content="app" />
            <link rel="icon" href="/i.svg" />
          </head>
          <body>
            <Component />
          </body>
        </html>
      ),
    },
    "index.tsx": {
      default: () => (
        <main>
          <Head>
            <title>Page $& title</title>
            <meta name="description" content="page" />
            <meta name="robots" content="none" />
          </Head>
          <Head>
            <meta name="robots" content="all" />
          </Head>
          <p>body</p>
        </main>
      ),
    },
    "plain.tsx": { default: () => <p>plain</p> },
  });
  const head = /<head>(.*)<\/head>/.exec((await ask(app, "/")).text)?.[1];
  equal(
    head,
    '<title>Page $&amp; title</title><meta name="description" content="page"/><link rel="icon" href="/i.svg"/>' +
      '<meta name="robots" content="all"/>',
  );
  match((await ask(app, "/plain")).text, /<title>App<\/title>/);
});

Deno.test("pages, layouts and _app may be async, and layouts nest from the root", async () => {
  const app = appOf({
    "_app.tsx": {
      default: async ({ Component, url }: PageProps) => (
        <html>
          <head></head>
          <body data-path={await Promise.resolve(url.pathname)}>
            <Component />
          </body>
        </html>
      ),
    },
    "_layout.tsx": {
      default: async ({ Component }: PageProps) =>
        await Promise.resolve(
          <main>
            <Component />
          </main>,
        ),
    },
    "a/_layout.tsx": {
      default: ({ Component }: PageProps) => (
        <section>
          <Component />
        </section>
      ),
    },
    "a/index.tsx": { default: async () => await Promise.resolve(<p>a</p>) },
    "a/alone.tsx": { default: () => <p>alone</p>, config: { skipInheritedLayouts: true } },
    "a/bare.tsx": { default: () => <p>bare</p>, config: { skipInheritedLayouts: true, skipAppWrapper: true } },
    "b/_layout.tsx": {
      ...{
        default: ({ Component }: PageProps) => (
          <b>
            <Component />
          </b>
        ),
      },
      config: { skipInheritedLayouts: true },
    },
    "b/index.tsx": { default: () => <p>b</p> },
  });
  const body = async (path: string) => /<body.*<\/body>/.exec((await ask(app, path)).text)?.[0];
  equal(await body("/a"), '<body data-path="/a"><main><section><p>a</p></section></main></body>');
  equal(await body("/a/alone"), '<body data-path="/a/alone"><p>alone</p></body>');
  equal(await body("/a/bare"), "<body><p>bare</p></body>");
  equal(await body("/b"), '<body data-path="/b"><b><p>b</p></b></body>');
});

Deno.test("concurrent renderings do not mix", async () => {
  const wait = {
    default: async (
      { params }: PageProps,
    ) => (await new Promise((r) => setTimeout(r, 5)), <Island id={params["id"]} />),
  };
  const app = appOf({ "[id].tsx": wait }, { islands });
  const pages = await Promise.all(["one", "two", "three"].map((id) => ask(app, `/${id}`)));
  deepEqual(pages.map(({ text }) => /\\"(one|two|three)\\"/.exec(text)?.[1]), ["one", "two", "three"]);
});

Deno.test("define.page infers its data from the handler", async () => {
  const define = createDefine<{ user: string }>();
  const handler = define.handlers({
    GET: (ctx) => ctx.url.searchParams.has("away") ? ctx.redirect("/") : page({ count: 2 }),
    POST: async () => await Promise.resolve(page({ count: 3 })),
  });
  const Page = define.page<typeof handler>(({ data, state }) => {
    const count: number = data.count;
    const user: string | undefined = state.user;
    // @ts-expect-error the handler gives no such data
    data.missing;
    return <p>{count} {user}</p>;
  });
  const typed = new App<{ user: string }>().use(csp(), staticFiles(), (ctx) => (ctx.state.user = "me", ctx.next()));
  const app = withBuild(typed.fsRoutes(), { "index.tsx": { default: Page, handler } });
  match((await ask(app, "/")).text, /<p>2 me<\/p>/);
  match((await ask(app, "/", { method: "POST" })).text, /<p>3 me<\/p>/);
  equal((await ask(app, "/?away")).status, 302);
});

Deno.test("data without a component is an error that names the file", async () => {
  const app = appOf({ "index.ts": { handler: () => page(1) } }, { config: { mode: "development" } });
  match((await ask(app, "/")).text, /Cannot render routes\/index.ts: .*no default export/);
});

Deno.test("ctx.render renders a vnode outside of files, and the server is no browser", async () => {
  const app = new App().get("/", (ctx) => ctx.render(<p>{asset("/a.css").replace(/=.*/, "")}</p>, { status: 201 }));
  const { status, text } = await ask(app, "/");
  deepEqual([status, IS_BROWSER], [201, false]);
  match(text, /<p>\/a.css\?__frsh_c<\/p>/);
});
