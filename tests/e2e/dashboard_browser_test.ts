import { deepEqual, equal, match, ok } from "node:assert/strict";
import {
  badgeUntil,
  chartUntil,
  CHROMIUM,
  type DrawnChart,
  exists,
  openBrowser,
  type OpenPage,
  startDev,
} from "./dashboard_page.ts";
import { tidemarkOk } from "../support/tidemark.ts";
import { FILES_MS, writeMomentFiles } from "./moment_files.ts";

const ignore = !exists(CHROMIUM);
const why = ignore ? ` (skipped: there is no ${CHROMIUM})` : "";

/**
 * Failed attempts to reconnect are logged by the browser itself, and nobody can keep it from that: refused while there is
 * no server, answered with 503 while the new one opens its stores.
 */
const isLostConnection = (text: string) =>
  /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|status of 503/.test(text);

Deno.test({
  name: `the dashboard draws live data, says when the server is gone, and goes on when it is back${why}`,
  ignore,
  async fn() {
    const dir = await Deno.makeTempDir({ prefix: "tidemark-dashboard-" });
    try {
      await using server = await startDev({ port: 0, dataDir: `${dir}/data` });
      await using browser = await openBrowser();
      const { page, complaints } = browser;
      await page.goto(server.url);
      await badgeUntil(page, "live", 15_000);
      const seen = await seesDataMove(browser);
      equal(await page.locator("#price .choices button").count(), 2);
      deepEqual(complaints, []);
      await takeScreenshots(browser, dir);

      await server.kill();
      await badgeUntil(page, "reconnecting", 10_000);
      await page.locator("#chat-rate.is-old").waitFor();
      match(await page.locator("#connection .state").innerText(), /^Reconnecting for \d+ s$/);
      equal(await page.locator("#connection [role=status]").textContent(), "Connection: reconnecting");
      await page.screenshot({ path: `${dir}/reconnecting.png` });

      await using again = await startDev({ port: server.port, dataDir: `${dir}/data` });
      equal(again.port, server.port);
      // Ready is when the line is printed; the page is to be back within about two seconds of it.
      await badgeUntil(page, "live", 3_500);
      const isNewer = (than: DrawnChart) => (chart: DrawnChart) => chart.lastTime > than.lastTime;
      const chat = await chartUntil(page, "chat-rate", { fits: isNewer(seen.chat), waitMs: 30_000 });
      const price = await chartUntil(page, "price", { fits: isNewer(seen.price), waitMs: 15_000 });
      ok(chat.points >= seen.chat.points, "the history is still on the chart of messages");
      ok(price.points >= seen.price.points, "the history is still on the chart of prices");
      deepEqual(complaints.filter((text) => !isLostConnection(text)), []);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});

Deno.test({
  name: `a burst of messages with more viewers and money is one moment on the dashboard${why}`,
  ignore,
  async fn() {
    const dir = await Deno.makeTempDir({ prefix: "tidemark-moments-" });
    try {
      const { chat, viewers, transactions } = await writeMomentFiles(dir);
      const files = [[viewers, "viewer"], [transactions, "transactions"], [chat, "chat"]] as const;
      for (const [file, source] of files) {
        await tidemarkOk([
          "replay",
          file,
          "--source",
          source,
          "--speed",
          "max",
          "--drain",
          "--data-dir",
          `${dir}/data`,
        ]);
      }
      await using server = await startDev({ port: 0, dataDir: `${dir}/data`, source: "mock_trades" });
      await using browser = await openBrowser();
      const { page, complaints } = browser;
      await page.goto(server.url);
      await badgeUntil(page, "live", 15_000);
      const panel = page.locator("#moments");
      await panel.locator(".moment").first().waitFor();
      equal(await panel.locator(".moment").count(), 1);
      const text = (await panel.locator(".moment").innerText()).replace(/\s+/g, " ");
      match(text, /^big_stream chat viewers chat count: \d+ is [\d.]+ standard deviations above the mean/);
      match(text, /peak viewers: 900 is/);
      match(text, /PogChamp \d+/);
      match(text, /Viewers 300 → 900 \+200% USD 5 → 25/);
      match(await panel.locator(".state").innerText(), /^Live$/);
      deepEqual(complaints, []);
      await takeScreenshots(browser, dir);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});

Deno.test({
  name: `a moment comes up on an open page as it happens${why}`,
  ignore,
  async fn() {
    const dir = await Deno.makeTempDir({ prefix: "tidemark-moments-" });
    try {
      // An hour of twenty messages a minute that ends now; then the mock writes fifty a second.
      const { chat } = await writeMomentFiles(dir, { isQuiet: true, startMs: Date.now() - FILES_MS });
      const drained = ["--speed", "max", "--drain", "--data-dir", `${dir}/data`];
      await tidemarkOk(["replay", chat, "--source", "chat", ...drained]);
      const env = { PRODUCER_CHANNELS: "big_stream" };
      await using server = await startDev({ port: 0, dataDir: `${dir}/data`, source: "mock_chat", env });
      await using browser = await openBrowser();
      const { page, complaints } = browser;
      await page.goto(server.url);
      await badgeUntil(page, "live", 15_000);
      match(await page.locator("#moments .empty").innerText(), /^No moment so far/);
      await page.locator("#moments .moment").first().waitFor({ timeout: 60_000 });
      match(await page.locator("#moments .moment").innerText(), /big_stream\s+chat[\s\S]*standard deviations above/);
      deepEqual(complaints, []);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
});

/** Both charts get points and go on: in time, in value, in number. */
async function seesDataMove({ page }: OpenPage): Promise<{ chat: DrawnChart; price: DrawnChart }> {
  const hasPoints = ({ points }: DrawnChart) => points > 0;
  const firstChat = await chartUntil(page, "chat-rate", { fits: hasPoints, waitMs: 20_000 });
  const firstPrice = await chartUntil(page, "price", { fits: hasPoints, waitMs: 20_000 });
  const isBeyond = (first: DrawnChart) => (chart: DrawnChart) =>
    chart.lastTime > first.lastTime && chart.points > first.points && chart.lastValue !== first.lastValue;
  return {
    price: await chartUntil(page, "price", { fits: isBeyond(firstPrice), waitMs: 15_000 }),
    chat: await chartUntil(page, "chat-rate", { fits: isBeyond(firstChat), waitMs: 30_000 }),
  };
}

/** In both themes, wide and narrow: nothing may be wider than the window. */
async function takeScreenshots({ page }: OpenPage, dir: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(600); // charts follow their host with a delay
      await page.screenshot({ path: `${dir}/${colorScheme}-${width}.png`, fullPage: true });
      equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, `overflow at ${width}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
