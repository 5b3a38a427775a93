/**
 * A relay between a client and a server that breaks connections where a test says: before a message reaches the server,
 * after it did but before its answer, or by falling silent.
 * @module
 */

/**
 * What becomes of a client's message: passed on; `cut` = both sides are closed and the server never sees it; `cut_answer` =
 * the server gets it, and both sides are closed when it answers; `silence` = the server gets it, its answers are kept back;
 * `lose` = neither side hears of the other any more, and neither is closed; `late` = the client's side is closed at once, the
 * server gets the message a moment later.
 */
export type ProxyVerdict = "pass" | "cut" | "cut_answer" | "silence" | "lose" | "late";

/** How much later a `late` message arrives. */
const lateMs = 400;

/** A relay. Disposing closes it with all of its connections. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Judges each chunk of bytes that a client sends. */
  judge: (bytes: Uint8Array) => ProxyVerdict;
  /** While true, new connections are accepted and closed at once. */
  refusing: boolean;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Closes all connections; new ones are relayed. */
  cutAll(): void;
}

/** Starts a relay to a server on the loopback address, on a free port unless one is given. */
export function startTcpProxy(serverPort: number, port = 0): TcpProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const pairs = new Set<Pair>();
  const proxy = {
    port: listener.addr.port,
    judge: (_bytes: Uint8Array): ProxyVerdict => "pass",
    refusing: false,
    accepted: 0,
    cutAll() {
      for (const pair of pairs) pair.close();
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      proxy.cutAll();
      await accepting;
    },
  };
  const accept = async () => {
    for await (const client of listener) {
      proxy.accepted++;
      if (proxy.refusing) {
        client.close();
        continue;
      }
      const server = await Deno.connect({ hostname: "127.0.0.1", port: serverPort }).catch(() => null);
      if (server === null) {
        client.close();
        continue;
      }
      const pair = new Pair(client, server, (bytes) => proxy.judge(bytes));
      pairs.add(pair);
      pair.run().finally(() => pairs.delete(pair));
    }
  };
  const accepting = accept();
  return proxy;
}

class Pair {
  readonly #client: Deno.TcpConn;
  readonly #server: Deno.TcpConn;
  readonly #judge: (bytes: Uint8Array) => ProxyVerdict;
  #answers: "pass" | "cut" | "keep" = "pass";
  #lost = false;

  constructor(client: Deno.TcpConn, server: Deno.TcpConn, judge: (bytes: Uint8Array) => ProxyVerdict) {
    this.#client = client;
    this.#server = server;
    this.#judge = judge;
  }

  async run(): Promise<void> {
    const up = this.#relay(this.#client, this.#server, (bytes) => {
      const verdict = this.#judge(bytes);
      if (verdict === "cut_answer") this.#answers = "cut";
      if (verdict === "silence" || verdict === "lose") this.#answers = "keep";
      this.#lost ||= verdict === "lose";
      if (verdict === "late") return "late";
      return verdict === "cut" ? "cut" : this.#lost ? "keep" : "pass";
    });
    const down = this.#relay(this.#server, this.#client, () => this.#answers);
    await Promise.all([up, down]);
  }

  close(): void {
    for (const connection of [this.#client, this.#server]) {
      try {
        connection.close();
      } catch {
        // Closed before.
      }
    }
  }

  async #relay(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    judge: (bytes: Uint8Array) => "pass" | "cut" | "keep" | "late",
  ): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const length = await from.read(buffer);
        if (length === null) break;
        const bytes = buffer.subarray(0, length);
        const verdict = judge(bytes);
        if (verdict === "cut") break;
        if (verdict === "late") {
          // Its closing must not close the server's side before the message is there.
          this.#lost = true;
          this.#client.close();
          await new Promise((resolve) => setTimeout(resolve, lateMs));
          await to.write(bytes);
          await new Promise((resolve) => setTimeout(resolve, lateMs));
          this.#lost = false;
          break;
        }
        for (let sent = 0; verdict === "pass" && sent < length;) sent += await to.write(bytes.subarray(sent));
      }
    } catch {
      // A side that is gone ends the pair.
    }
    if (!this.#lost) this.close();
  }
}
