/**
 * One connection's talk with Twitch's chat server: logs in, joins, answers, and tells what must not go unheard.
 *
 * ```
 * CAP REQ, PASS, NICK ─▶ 001 ─▶ JOIN …, at the pace that is allowed ─▶ ROOMSTATE of each ─▶ ready
 * ```
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import type { LiveSocket } from "../connect/live_socket.ts";
import type { RateLimit } from "../connect/rate_limit.ts";
import type { SourceMonitor } from "../monitor.ts";
import { type IrcMessage, parseIrc } from "./twitch_irc.ts";

/** What all connections of a source share. */
export interface SessionOptions {
  readonly channels: readonly string[];
  /** Absent = anonymous. */
  readonly account: { readonly nickname: string; readonly oauthToken: string } | undefined;
  /** A nickname for reading without an account. */
  readonly guestName: string;
  readonly joins: RateLimit;
  /** How long the answer to a JOIN may take before the channel counts as absent. */
  readonly joinMsMax: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly monitor: SourceMonitor;
  /** Called when trying again is of no use. */
  readonly onFatal: (error: UserError) => void;
}

const CAPABILITIES = "twitch.tv/tags twitch.tv/commands twitch.tv/membership";

/** What the server says of a login that it will not have. */
const LOGIN_REFUSED =
  /login (authentication failed|unsuccessful)|improperly formatted auth|error logging in|invalid nick/i;

/** Notices about a channel that cannot be read. */
const CHANNEL_REFUSED: ReadonlySet<string> = new Set(["msg_channel_suspended", "msg_banned", "tos_ban"]);

/** The talk of one connection. */
export class TwitchSession {
  readonly #socket: LiveSocket;
  readonly #options: SessionOptions;
  readonly #joined = new Set<string>();
  readonly #refused = new Set<string>();

  /** Begins with the login. */
  constructor(socket: LiveSocket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { account, guestName } = options;
    socket.send(`CAP REQ :${CAPABILITIES}`);
    if (account !== undefined) socket.send(`PASS oauth:${account.oauthToken}`);
    socket.send(`NICK ${account?.nickname ?? guestName}`);
  }

  /** Does what a line asks for. */
  hear(line: string): void {
    // Nearly every line is a message; those ask for nothing.
    if (line.includes(" PRIVMSG #")) return;
    const message = parseIrc(line);
    if (message === undefined) return;
    const { command, params } = message;
    if (command === "PING") this.#socket.send(`PONG :${params[0] ?? ""}`);
    else if (command === "001") this.#join().catch(() => this.#socket.close("joining failed"));
    else if (command === "RECONNECT") this.#socket.retire();
    else if (command === "ROOMSTATE" || command === "366") this.#answered(this.#joined, params);
    else if (command === "NOTICE") this.#notice(message);
  }

  async #join(): Promise<void> {
    const { channels, joins, signal, clock, joinMsMax, monitor } = this.#options;
    for (const channel of channels) {
      if (!(await joins.take(signal)) || this.#socket.isOver) return;
      this.#socket.send(`JOIN #${channel}`);
    }
    // A channel that does not exist gets no answer at all.
    await Promise.race([this.#socket.ready, this.#socket.ended, clock.sleep(joinMsMax, signal)]);
    if (this.#socket.isOver) return;
    this.#socket.markReady();
    const absent = channels.filter((channel) => !this.#joined.has(channel));
    monitor.note = absent.length === 0 ? null : `no chat to read in ${absent.join(", ")}: check the names`;
  }

  #answered(answers: Set<string>, params: readonly string[]): void {
    const channel = params.find((param) => param.startsWith("#"))?.slice(1).toLowerCase();
    const { channels } = this.#options;
    if (channel === undefined || !channels.includes(channel)) return;
    answers.add(channel);
    if (channels.every((name) => this.#joined.has(name) || this.#refused.has(name))) this.#socket.markReady();
  }

  #notice({ tags, params }: IrcMessage): void {
    const [target, text = ""] = params;
    if (CHANNEL_REFUSED.has(tags.get("msg-id") ?? "")) return this.#answered(this.#refused, params);
    if (target !== "*" || !LOGIN_REFUSED.test(text)) return;
    const { account, onFatal } = this.#options;
    onFatal(
      new UserError("unavailable", {
        cause: `Cannot read Twitch chat: the server says "${text}"`,
        fix: account === undefined
          ? "set TWITCH_OAUTH_TOKEN and TWITCH_NICKNAME: it lets nobody in without an account now"
          : "renew TWITCH_OAUTH_TOKEN and see that TWITCH_NICKNAME is its account, or leave both out",
      }),
    );
  }
}
