/**
 * Twitch's chat server on loopback: IRC over a websocket, with the faults of the real one at hand.
 * @module
 */
import { until } from "./until.ts";

interface Client {
  readonly socket: WebSocket;
  nickname: string;
  pass: string;
  hasTags: boolean;
  readonly channels: Set<string>;
}

/** A chat line as the server sends it. */
export function chatLine(
  { id, channel = "demo", message = "hello", tags = "", user = "77" }: {
    id: string;
    channel?: string;
    message?: string;
    tags?: string;
    user?: string;
  },
): string {
  return `@${tags}id=${id};room-id=1;tmi-sent-ts=1700000000123;user-id=${user};display-name=Ada ` +
    `:ada!ada@ada.tmi.twitch.tv PRIVMSG #${channel} :${message}`;
}

/** The server. It sends what is said in a channel to those who have joined it. */
export class FakeTwitch implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #clients = new Set<Client>();
  connections = 0;
  /** Whether new connections are refused. */
  refuses = false;
  /** Whether it answers a PING. */
  answers = true;
  /** The only token that it knows; null lets everyone in. */
  token: string | null = null;
  /** How long after a JOIN it is answered; what is said in between is sent already. */
  joinMs = 0;
  /** Channels that do not exist, or are suspended. */
  readonly absent = new Set<string>();
  readonly suspended = new Set<string>();
  /** Everything that clients have sent. */
  readonly heard: { readonly text: string; readonly atMs: number }[] = [];

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#serve(request),
    );
  }

  /** Variables that lead a source here. */
  get environment(): Record<string, string> {
    return { TWITCH_IRC_URL: `ws://127.0.0.1:${this.#server.addr.port}` };
  }

  /** Clients that have joined a channel. */
  joined(channel = "demo"): number {
    return [...this.#clients].filter(({ channels }) => channels.has(channel)).length;
  }

  /** What a client says who it is. */
  get nicknames(): string[] {
    return [...this.#clients].map(({ nickname }) => nickname);
  }

  /** Sends lines of a channel, several in a frame as the real one does. */
  say(lines: readonly string[], channel = "demo"): void {
    for (const client of this.#clients) if (client.channels.has(channel)) this.#send(client, lines);
  }

  /** Sends a text as it is to every client, whatever it is. */
  raw(text: string): void {
    for (const { socket } of this.#clients) socket.send(text);
  }

  /** Ends every connection. */
  cut(): void {
    for (const { socket } of this.#clients) socket.close(1001, "cut");
    this.#clients.clear();
  }

  /** Resolves when so many clients have joined the channel. */
  hasJoined(clients = 1, channel = "demo"): Promise<void> {
    return until(() => this.joined(channel) === clients, `${clients} clients in #${channel}`);
  }

  /** Resolves when what was sent is on its way. */
  async sent(): Promise<void> {
    await until(() => [...this.#clients].every(({ socket }) => socket.bufferedAmount === 0), "lines to be sent");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await this.#server.shutdown();
  }

  #send({ socket }: Client, lines: readonly string[]): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(lines.map((line) => `${line}\r\n`).join(""));
  }

  #serve(request: Request): Response {
    if (this.refuses) return new Response("busy", { status: 503 });
    const { socket, response } = Deno.upgradeWebSocket(request);
    const client: Client = { socket, nickname: "", pass: "", hasTags: false, channels: new Set() };
    socket.onopen = () => {
      this.connections++;
      this.#clients.add(client);
    };
    socket.onclose = () => void this.#clients.delete(client);
    socket.onmessage = ({ data }) => this.#hear(client, data);
    return response;
  }

  #hear(client: Client, text: string): void {
    this.heard.push({ text, atMs: Date.now() });
    const [command, ...words] = text.trimEnd().split(" ");
    const rest = words.join(" ");
    if (command === "CAP") {
      client.hasTags = rest.includes("twitch.tv/tags");
      this.#send(client, [`:tmi.twitch.tv CAP * ACK ${rest.slice(rest.indexOf(":"))}`]);
    } else if (command === "PASS") client.pass = rest;
    else if (command === "NICK") this.#login(client, rest);
    else if (command === "JOIN") this.#join(client, rest.slice(1));
    else if (command === "PING" && this.answers) this.#send(client, [`:tmi.twitch.tv PONG tmi.twitch.tv ${rest}`]);
  }

  #login(client: Client, nickname: string): void {
    client.nickname = nickname;
    if (this.token !== null && client.pass !== `oauth:${this.token}`) {
      this.#send(client, [":tmi.twitch.tv NOTICE * :Login authentication failed"]);
      return;
    }
    this.#send(client, [
      `:tmi.twitch.tv 001 ${nickname} :Welcome, GLHF!`,
      `:tmi.twitch.tv 002 ${nickname} :Your host is tmi.twitch.tv`,
      `:tmi.twitch.tv 376 ${nickname} :>`,
    ]);
  }

  #join(client: Client, channel: string): void {
    if (this.absent.has(channel)) return;
    if (this.suspended.has(channel)) {
      const notice = "This channel does not exist or has been suspended.";
      this.#send(client, [`@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #${channel} :${notice}`]);
      return;
    }
    const { nickname } = client;
    client.channels.add(channel);
    setTimeout(() => this.#welcome(client, channel, nickname), this.joinMs);
  }

  #welcome(client: Client, channel: string, nickname: string): void {
    this.#send(client, [
      `:${nickname}!${nickname}@${nickname}.tmi.twitch.tv JOIN #${channel}`,
      `:${nickname}.tmi.twitch.tv 353 ${nickname} = #${channel} :${nickname}`,
      `:${nickname}.tmi.twitch.tv 366 ${nickname} #${channel} :End of /NAMES list`,
      `@emote-only=0;room-id=1;slow=0 :tmi.twitch.tv ROOMSTATE #${channel}`,
    ]);
  }
}
