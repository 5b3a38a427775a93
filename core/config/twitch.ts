/**
 * Live Twitch chat.
 * @module
 */
import { type Section, type Values } from "./variable.ts";

/** Most channels of one source: they share a connection. */
const CHANNELS_MAX = 100;

/** What the source `twitch` reads, and as whom. */
export interface TwitchConfig {
  /** Names in lower case, without #. */
  readonly channels: readonly string[];
  /** Without `oauth:`; undefined = anonymous. */
  readonly oauthToken: string | undefined;
  readonly nickname: string | undefined;
  readonly ircUrl: string;
}

/** The section. */
export const twitchSection: Section<TwitchConfig> = {
  variables: [
    {
      name: "TWITCH_CHANNEL",
      fallback: "",
      expected: `up to ${CHANNELS_MAX} channel names separated by commas, with or without #`,
      about: "channels of source twitch",
      check: (value) => {
        const channels = value.split(",").map((name) => name.trim()).filter((name) => name !== "");
        return channels.length <= CHANNELS_MAX && channels.every((name) => /^#?\w{1,25}$/.test(name));
      },
    },
    {
      name: "TWITCH_OAUTH_TOKEN",
      fallback: "",
      expected: "a token of letters and digits, with or without oauth:",
      about: "token of a Twitch account; without it chat is read anonymously",
      secret: true,
      check: (value) => /^(oauth:)?\w{10,100}$/.test(value),
    },
    {
      name: "TWITCH_NICKNAME",
      fallback: "",
      expected: "the login name of a Twitch account",
      about: "login name of that account",
      check: (value) => /^\w{1,25}$/.test(value),
    },
    {
      name: "TWITCH_IRC_URL",
      fallback: "wss://irc-ws.chat.twitch.tv:443",
      expected: "a URL that begins with ws:// or wss://",
      about: "where Twitch chat is read",
      check: (value) => /^wss?:\/\//.test(value) && URL.canParse(value),
    },
  ],
  read: (values) => ({
    channels: [...new Set(values.list("TWITCH_CHANNEL").map((name) => name.replace(/^#/, "").toLowerCase()))],
    oauthToken: textOf(values, "TWITCH_OAUTH_TOKEN")?.replace(/^oauth:/, ""),
    nickname: textOf(values, "TWITCH_NICKNAME")?.toLowerCase(),
    ircUrl: values.text("TWITCH_IRC_URL"),
  }),
  relations: ({ oauthToken, nickname }) =>
    (oauthToken === undefined) === (nickname === undefined) ? [] : [
      oauthToken === undefined
        ? ["TWITCH_OAUTH_TOKEN", "the token of TWITCH_NICKNAME's account; leave both out to read anonymously"]
        : ["TWITCH_NICKNAME", "the login name that TWITCH_OAUTH_TOKEN belongs to; leave both out to read anonymously"],
    ],
};

const textOf = (values: Values, name: string): string | undefined => values.text(name) || undefined;
