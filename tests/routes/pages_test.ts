import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Middleware } from "fresh";
import { newSourceStatus } from "../../core/status.ts";
import { liveHubOf } from "../../routes/(_lib)/live_hub.ts";
import type { Services, State } from "../../routes/(_lib)/state.ts";
import { requireToken } from "../../routes/(_lib)/token.ts";
import { anomalyRow, appOver, candleRow, chatRow, chatUpdate, memoryServices, withServices } from "./support.ts";

/** Asks an app over these services. */
async function ask(
  services: Services | undefined,
  path: string,
  init: RequestInit & { before?: Middleware<State> } = {},
) {
  const { before, ...request } = init;
  const app = await appOver(services, before === undefined ? [] : [before]);
  const res = await app.handler()(new Request(`http://localhost${path}`, request));
  return { status: res.status, headers: res.headers, text: await res.text() };
}

/** The text of a document: without scripts and tags. */
const wordsOf = (html: string) =>
  html.replace(/<script[^>]*>.*?<\/script>/gs, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

Deno.test("the overview shows the newest rows on the server, by event time: those of 2024 as well as today's", async () => {
  const tables = {
    chat_summary_minute: [
      chatRow(999, { key: "gone", endS: -7_200 }), // two hours before the newest row
      ...[-60, -50, -40, -30, -20, -10, 0].map((endS) => chatRow(1_000 - endS, { endS })),
      ...[-60, 0].map((endS) => chatRow(7, { key: "quiet_stream", endS })),
    ],
    market_candles: [
      candleRow("61837.63", { endS: -1 }),
      candleRow("61840.5"),
      candleRow("2500", { symbol: "ETHUSDT" }),
    ],
    anomalies: [anomalyRow("a1")],
  };
  const processor = { records: 9, lagRecords: 12, partitions: [], restarts: 0 };
  await withServices({ tables, processor }, async (services) => {
    const { status, text, headers } = await ask(services, "/");
    equal(status, 200);
    equal(headers.get("cache-control"), "no-store");
    const words = wordsOf(text);
    match(words, /Messages in a minute 1,067 to 11:59:00 UTC/); // 1,060 and 7 in the newest complete window
    match(words, /Active streams 2 /);
    match(words, /BTCUSDT 61,840\.50 ETHUSDT 2,500\.00/);
    match(words, /Anomalies 1 in the last hour/);
    match(words, /Records behind 12 /);
    match(words, /demo_stream 1,060 quiet_stream 7/);
    match(words, /120 is 4\.0 standard deviations above the mean of 30 120 \+300% 2024-08-08 12:00:00/);
    equal(words.includes("gone"), false);
  });
});

Deno.test("windows that are still open are on the overview before any row is", async () => {
  await withServices({ open: [10, 20, 30, 40, 50, 60].map((endS) => chatUpdate(5, { endS })) }, async (services) => {
    match(wordsOf((await ask(services, "/")).text), /demo_stream/);
  });
});

Deno.test("the page goes on from the id before its data was read", async () => {
  await withServices({}, async (services) => {
    await services.feed.publish([chatUpdate(1)]);
    const { text } = await ask(services, "/");
    ok(text.includes(await services.feed.lastId()));
  });
});

Deno.test("while the stores open, and without data, the overview says so", async () => {
  match(wordsOf((await ask(undefined, "/")).text), /The stores are opening/);
  await withServices({}, async (services) => {
    const words = wordsOf((await ask(services, "/")).text);
    match(words, /No chat yet/);
    match(words, /No trades yet/);
    match(words, /Nothing unusual so far/);
    match(words, /Messages in a minute — no complete window yet/);
  });
});

Deno.test("?symbol= chooses the symbol on the server, and one that does not exist gives the first", async () => {
  const tables = { market_candles: [candleRow("1"), candleRow("2", { symbol: "ETHUSDT" })] };
  await withServices({ tables }, async (services) => {
    const pressed = async (query: string) =>
      /aria-pressed="true"[^>]*>(?:<svg.*?<\/svg>)?\s*(\w+)/s.exec((await ask(services, `/${query}`)).text)?.[1];
    deepEqual([await pressed(""), await pressed("?symbol=ETHUSDT"), await pressed("?symbol=<x>")], [
      "BTCUSDT",
      "ETHUSDT",
      "BTCUSDT",
    ]);
  });
});

Deno.test("hostile names of streams and hostile words stay text", async () => {
  const evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
  const tables = {
    chat_summary_minute: [-60, 0].map((endS) => chatRow(1, { key: evil, endS })),
    market_candles: [candleRow("1", { symbol: evil })],
    anomalies: [anomalyRow(evil, { key: evil, explanation: evil })],
  };
  await withServices({ tables }, async (services) => {
    const { text } = await ask(services, `/?symbol=${encodeURIComponent(evil)}`);
    equal(text.includes("<script>alert"), false);
    equal(text.includes("<img src=x"), false);
    equal(text.match(/<script/g)?.length, 1); // the boot script
    ok(text.includes("&lt;script>alert(1)"));
    const missing = await ask(services, `/${encodeURIComponent(evil)}`);
    equal(missing.status, 404);
    equal(missing.text.includes("<script>alert"), false);
  });
});

Deno.test("an unknown page and a failing store get pages with a way back", async () => {
  await withServices({}, async (services) => {
    const missing = await ask(services, "/nope");
    equal(missing.status, 404);
    match(wordsOf(missing.text), /404 Page not found There is no page at \/nope\. Back to the overview/);
    services.store.failure = new Error("secret detail");
    const failed = await ask(services, "/");
    equal(failed.status, 500);
    match(wordsOf(failed.text), /500 Something went wrong/);
    equal(failed.text.includes("secret detail"), false);
  });
});

Deno.test("errors of the API are JSON and say nothing of the inside", async () => {
  const missing = await ask(undefined, "/api/nope");
  deepEqual([missing.status, JSON.parse(missing.text)], [
    404,
    { error: { status: 404, message: "There is nothing at /api/nope" } },
  ]);
  const services = {
    ...memoryServices(),
    processor: () => {
      throw new Error("secret detail");
    },
  };
  const failed = await ask(services, "/api/ready");
  deepEqual([failed.status, JSON.parse(failed.text)], [
    500,
    { error: { status: 500, message: "Internal server error" } },
  ]);
  await services.feed[Symbol.asyncDispose]();
});

Deno.test("health answers at once, ready when the stores do", async () => {
  deepEqual(JSON.parse((await ask(undefined, "/api/health")).text), { status: "ok", uptime_s: null });
  const starting = await ask(undefined, "/api/ready");
  deepEqual([starting.status, JSON.parse(starting.text).status], [503, "starting"]);
  const sources = [{ ...newSourceStatus("mock"), state: "failed" as const, read: 1, failure: "away" }];
  await withServices(
    { sources, processor: { records: 1, lagRecords: 3, partitions: [], restarts: 0 } },
    async (services) => {
      ok(JSON.parse((await ask(services, "/api/health")).text).uptime_s >= 0);
      const ready = await ask(services, "/api/ready");
      equal(ready.status, 200);
      const { checks } = JSON.parse(ready.text);
      equal(checks.lag_records, 3);
      deepEqual(checks.sources, [{ source: "mock", state: "failed", failure: "away" }]);
      services.store.failure = new Error("no connection");
      const failed = await ask(services, "/api/ready");
      deepEqual([failed.status, JSON.parse(failed.text).checks.stores.failure], [503, "no connection"]);
      services.store.failure = null;
      const { promise, resolve } = Promise.withResolvers<void>();
      services.store.delay = promise;
      const slow = await ask(services, "/api/ready");
      deepEqual([slow.status, JSON.parse(slow.text).checks.stores.failure], [503, "no answer within 1000 ms"]);
      resolve();
    },
  );
});

Deno.test("pages carry the security headers and a policy of nonces; error pages the policy", async () => {
  const { headers, text } = await ask(undefined, "/");
  const policy = headers.get("content-security-policy") ?? "";
  const nonce = /'nonce-(\w+)'/.exec(policy)?.[1];
  match(policy, /default-src 'none'/);
  match(policy, /frame-ancestors 'none'/);
  equal(/unsafe-inline|unsafe-eval|https?:/.test(policy), false);
  ok(nonce !== undefined && text.includes(`nonce="${nonce}"`));
  equal(/\sstyle="/.test(text), false);
  equal(/(?:src|href)="(?:https?:)?\/\//.test(text), false); // nothing from elsewhere
  equal(headers.get("x-content-type-options"), "nosniff");
  equal(headers.get("referrer-policy"), "no-referrer");
  equal(headers.get("cross-origin-opener-policy"), "same-origin");
  equal(headers.get("cross-origin-resource-policy"), "same-origin");
  match((await ask(undefined, "/nope")).headers.get("content-security-policy") ?? "", /default-src 'none'/);
});

Deno.test("a response whose headers cannot be changed gets them on a copy", async () => {
  const redirect: Middleware<State> = () => Response.redirect("http://localhost/elsewhere", 303);
  const { status, headers } = await ask(undefined, "/", { before: redirect, redirect: "manual" });
  deepEqual([status, headers.get("location")], [303, "http://localhost/elsewhere"]);
  equal(headers.get("x-content-type-options"), "nosniff");
});

const token = "sixteen-characters";
const before = requireToken(token);

Deno.test("without the token only /api/health is open", async () => {
  equal((await ask(undefined, "/api/health", { before })).status, 200);
  for (const path of ["/", "/api/stream", "/api/ready", "/?token=wrong", "/nope"]) {
    const refused = await ask(undefined, path, { before });
    deepEqual([refused.status, refused.headers.get("www-authenticate")], [401, "Bearer"], path);
  }
  equal(JSON.parse((await ask(undefined, "/api/ready", { before })).text).error.status, 401);
  for (const authorization of ["Bearer wrong", `Basic ${token}`, "Bearer", `Bearer ${token}x`]) {
    equal((await ask(undefined, "/", { before, headers: { authorization } })).status, 401);
  }
});

Deno.test("the token lets in as a Bearer token, and once in the URL for a cookie", async () => {
  equal((await ask(undefined, "/", { before, headers: { authorization: `Bearer ${token}` } })).status, 200);
  const welcome = await ask(undefined, `/?symbol=ETHUSDT&token=${token}`, { before });
  deepEqual([welcome.status, welcome.headers.get("location")], [303, "/?symbol=ETHUSDT"]);
  const set = welcome.headers.get("set-cookie") ?? "";
  match(set, /; HttpOnly; SameSite=Strict$/);
  equal(set.includes(token), false);
  const cookie = `other=1; ${set.split(";")[0]}`;
  equal((await ask(undefined, "/", { before, headers: { cookie } })).status, 200);
  equal((await ask(undefined, "/", { before, headers: { cookie: `tidemark_token=${token}` } })).status, 401);
  equal((await ask(undefined, `//evil.example/?token=${token}`, { before })).headers.get("location"), "/evil.example/");
});

Deno.test("a page view leaves no client behind", async () => {
  await withServices({}, async (services) => {
    await ask(services, "/");
    equal(liveHubOf(services).counters.clients, 0);
  });
});
