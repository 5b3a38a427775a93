/**
 * The dashboard in a browser, and the server behind it, for end-to-end tests.
 * @module
 */
import { fileURLToPath } from "node:url";
import { TextLineStream } from "@std/streams";
import type { Browser, Page } from "playwright-core";

/** Where the browser is. */
export const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const START_MS_MAX = 60_000;

/** Whether a file is there. */
export function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A running `deno task dev`. */
export interface DevServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it and what it started, without a chance to say goodbye. */
  kill(): Promise<void>;
}

/** How to start it. */
export interface DevOptions {
  readonly port: number;
  readonly dataDir: string;
  /** Default: the mock sources. */
  readonly source?: string;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `deno task dev` and waits until it listens. */
export async function startDev({ port, dataDir, source, env = {} }: DevOptions): Promise<DevServer> {
  const child = new Deno.Command("setsid", {
    // A session of its own: the task runner and its child are ended together.
    args: [
      ...[Deno.execPath(), "task", "dev", "--port", String(port), "--data-dir", dataDir],
      ...source === undefined ? [] : ["--source", source],
    ],
    cwd: ROOT,
    env: { PRODUCER_RATE_PER_SEC: "50", NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said: string[] = [];
  const errors = collect(child.stderr, said);
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const output = collect(child.stdout, said, (line) => {
    const found = /^Dashboard: (http:\S+)/.exec(line)?.[1];
    if (found !== undefined) resolve(found);
  });
  const kill = async () => {
    try {
      Deno.kill(-child.pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // it has ended by itself
    }
    await Promise.all([child.status, errors, output]);
  };
  const timer = Promise.withResolvers<undefined>();
  const timeout = setTimeout(() => timer.resolve(undefined), START_MS_MAX);
  const url = await Promise.race([listening, child.status.then(() => undefined), timer.promise]);
  clearTimeout(timeout);
  if (url === undefined) {
    await kill();
    throw new Error(`Cannot start deno task dev; it said:\n${said.join("\n")}`);
  }
  return { url, port: Number(new URL(url).port), kill, [Symbol.asyncDispose]: kill };
}

async function collect(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  into: string[],
  onLine: (line: string) => void = () => {},
): Promise<void> {
  for await (const line of stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
    into.push(line);
    onLine(line);
  }
}

/** A page, with what the browser complained about. */
export interface OpenPage extends AsyncDisposable {
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: string[];
}

/** Opens a browser with one page. */
export async function openBrowser(): Promise<OpenPage> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { browser, page, complaints, [Symbol.asyncDispose]: () => browser.close() };
}

/** What a chart says of what it has drawn. */
export interface DrawnChart {
  readonly points: number;
  readonly lastTime: string;
  readonly lastValue: string;
}

/** Reads a chart's host; zero points before the first drawing. */
export async function readChart(page: Page, panel: string): Promise<DrawnChart> {
  const host = page.locator(`#${panel} .chart-host`);
  const read = async (name: string) => await host.getAttribute(`data-${name}`) ?? "";
  return {
    points: Number(await read("points")),
    lastTime: await read("last-time"),
    lastValue: await read("last-value"),
  };
}

/** Waits until a chart fits. */
export async function chartUntil(
  page: Page,
  panel: string,
  { fits, waitMs }: { fits: (chart: DrawnChart) => boolean; waitMs: number },
): Promise<DrawnChart> {
  const endMs = Date.now() + waitMs;
  while (true) {
    const chart = await readChart(page, panel);
    if (fits(chart)) return chart;
    if (Date.now() > endMs) {
      throw new Error(`Chart #${panel} did not come to what was expected: it is ${JSON.stringify(chart)}`);
    }
    await page.waitForTimeout(100);
  }
}

/** Waits for a phase of the connection badge. */
export async function badgeUntil(page: Page, phase: string, waitMs: number): Promise<void> {
  await page.locator(`#connection[data-phase="${phase}"]`).waitFor({ timeout: waitMs });
}
