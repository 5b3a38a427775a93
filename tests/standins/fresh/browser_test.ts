import { deepEqual, equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { App, csp, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import type { Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Runs with a page of the fixture open, and with what the browser complained about. */
async function withPage(
  path: string,
  use: (page: Page, release: () => void, complaints: string[]) => Promise<void>,
) {
  const { chromium } = await import("playwright-core");
  const app = new App().use(csp({ useNonce: true })).use(staticFiles()).fsRoutes();
  (await new Builder({ root: fileURLToPath(new URL("./fixture/", import.meta.url)) }).build({ snapshot: "memory" }))(
    app,
  );
  const stop = new AbortController();
  const { promise: listening, resolve } = Promise.withResolvers<Deno.NetAddr>();
  const served = app.listen({ hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: resolve });
  const { port } = await listening;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...QUIET] });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    // Modules wait, so that the page can be looked at as the server sent it.
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route("**/_fresh/js/*", async (route) => (await released, await route.continue()));
    await page.goto(`http://127.0.0.1:${port}${path}`, { waitUntil: "commit" });
    await use(page, release, complaints);
  } finally {
    await browser.close();
    stop.abort();
    await served;
  }
}

Deno.test({
  name: "in a browser islands come alive in place, share a signal, load chunks lazily and keep to the CSP" +
    (exists(CHROMIUM) ? "" : ` (skipped: there is no ${CHROMIUM})`),
  ignore: !exists(CHROMIUM),
  fn: () =>
    withPage("/", async (page, release, complaints) => {
      await page.locator("#lazy").waitFor();
      await page.evaluate(() => document.querySelector("#a")?.setAttribute("data-mark", "from the server"));
      equal(await page.evaluate("document.querySelector('#a').parentElement.tagName"), "MAIN"); // no element around it
      release();
      await page.getByText("lazy 4.6.1 in a browser: true").waitFor();
      equal(await page.locator("#a").getAttribute("data-mark"), "from the server"); // hydrated, not made anew
      equal(await page.title(), "Islands");
      const text = (id: string) => page.locator(id).textContent();
      equal(await text("#a"), "3 doubled 6 since 1970-01-01T00:00:00.000Z");
      await page.click("#a-add");
      await page.locator("#b").getByText("4 doubled 8").waitFor();
      equal(await text("#a"), await text("#b"));
      equal(await page.locator("output").count(), 2);
      await page.locator("tr.row").first().click();
      await page.locator("tr.row").nth(2).waitFor();
      deepEqual(await page.locator("tr.row").allTextContents(), ["one", "two", "one!", "inner"]);
      const rows = "[...document.querySelector('tbody').children].map((e) => e.tagName).join()";
      equal(await page.evaluate(rows), "TR,TR,TR");
      equal(await page.locator("#a-icon").getAttribute("src"), await page.locator("#b-icon").getAttribute("src"));
      deepEqual(complaints, []);
    }),
});
