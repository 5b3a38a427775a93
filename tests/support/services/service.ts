/**
 * Servers that tests start beside themselves: a free port, a process whose last words are kept, waiting until it answers.
 * @module
 */

/** Lines of a service's output that are kept, to say why it failed. */
const linesKept = 60;

/** A port of the loopback address that nobody listens on now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** How long to wait, and for what. */
export interface WaitOptions {
  readonly timeoutMs: number;
  /** Half a sentence for the error: "the server to answer". */
  readonly what: string;
  /** Time between two looks. Default 25 ms. */
  readonly everyMs?: number;
  /** Added to the error: what is known about why. */
  readonly explain?: () => string;
}

/** Waits until `look` gives true; a look that throws counts as not yet. Rejects after the time, with what `look` threw. */
export async function waitUntil(look: () => boolean | Promise<boolean>, options: WaitOptions): Promise<void> {
  const { timeoutMs, what, everyMs = 25, explain } = options;
  const endMs = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      if (await look()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endMs) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}. ${explain?.() ?? ""}`, { cause });
    }
    await pause(everyMs);
  }
}

/** Resolves after so many milliseconds. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** The full path of a program, looked for in the given folders and then in PATH; null where it is not. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  for (const folder of [...folders, ...(Deno.env.get("PATH") ?? "").split(":")]) {
    try {
      if (folder !== "" && Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not in this one.
    }
  }
  return null;
}

/** Runs a program to its end and gives what it wrote; throws with its words when it fails. */
export async function runProgram(program: string, options: Deno.CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { ...options, stdin: "null" }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`${program} ended with code ${code}: ${err} ${out}`);
  return out!;
}

/** A process of a service. Disposing stops it. */
export interface Service extends AsyncDisposable {
  readonly pid: number;
  /** Whether the process has ended. */
  readonly ended: boolean;
  /** The last lines that it wrote. */
  lastWords(): string;
  /** Sends a signal; nothing happens where the process has ended. */
  signal(signal: Deno.Signal): void;
  /** Sends the signal (default SIGTERM) and waits for the end; SIGKILL after `timeoutMs` (default 10 s). */
  stop(signal?: Deno.Signal, timeoutMs?: number): Promise<void>;
}

/** Starts a server process with its output kept; `options` as for Deno.Command (cwd, env, uid, gid). */
export function spawnService(program: string, options: Omit<Deno.CommandOptions, "stdout" | "stderr">): Service {
  const child = new Deno.Command(program, { ...options, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  const lines: string[] = [];
  const heard = Promise.all([child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      lines.push(...text.split("\n").filter((line) => line !== ""));
      lines.splice(0, Math.max(0, lines.length - linesKept));
    }
  }));
  let ended = false;
  const end = Promise.all([child.status.finally(() => ended = true), heard]);
  const signal = (name: Deno.Signal) => {
    try {
      if (!ended) child.kill(name);
    } catch {
      // It ended between the look and the signal.
    }
  };
  const stop = async (name: Deno.Signal = "SIGTERM", timeoutMs = 10_000) => {
    signal(name);
    const timer = setTimeout(() => signal("SIGKILL"), timeoutMs);
    await end;
    clearTimeout(timer);
  };
  return {
    pid: child.pid,
    get ended() {
      return ended;
    },
    lastWords: () => lines.join("\n"),
    signal,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
