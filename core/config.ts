/**
 * Configuration: one pure parser that reads the environment once and reports all faults at once.
 * @module
 */

/** Everything that the environment decides. */
export interface Config {
  /** Folder of the embedded stores. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Needed for any bind other than loopback. */
  readonly token: string | undefined;
  /** First part of every topic's name on a shared log. */
  readonly topicPrefix: string;
  /** How long the log keeps records. */
  readonly logRetentionMs: number;
  /** How large the embedded log may grow. */
  readonly logSizeBytesMax: number;
  readonly mock: MockConfig;
}

/** What the mock sources make. */
export interface MockConfig {
  /** Events a second and source. */
  readonly ratePerSec: number;
  /** Streams of the mock chat. */
  readonly channels: readonly string[];
  /** Symbols of the mock trades. */
  readonly symbols: readonly string[];
  readonly fakeAnomalies: boolean;
  /** Time between two labelled anomalies in chat. */
  readonly anomalyEveryMs: number;
  /** Records between two labelled anomalies in trades. */
  readonly anomalyEveryRecords: number;
}

/** A variable that cannot be used as it is. */
export interface ConfigFault {
  readonly variable: string;
  readonly value: string;
  /** What was expected. */
  readonly expected: string;
}

/** Where a setting came from. */
export interface ConfigSetting {
  readonly variable: string;
  /** As shown to people: secrets masked. */
  readonly value: string;
  readonly origin: "environment" | ".env" | "default";
  readonly about: string;
}

interface Variable {
  readonly name: string;
  readonly fallback: string;
  readonly expected: string;
  readonly about: string;
  readonly secret?: true;
  readonly check: (value: string) => boolean;
}

const integer = (min: number, max: number) => ({
  expected: `a whole number from ${min} to ${max}`,
  check: (value: string) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
});
const names = {
  expected: "one or more names separated by commas, each of letters, digits, . _ or -",
  check: (value: string) => value.split(",").every((name) => /^[\w.-]+$/.test(name.trim())),
};
const flag = {
  expected: "true or false",
  check: (value: string) => /^(true|false|1|0|yes|no)$/i.test(value),
};

const variables: readonly Variable[] = [
  {
    name: "DATA_DIR",
    fallback: "data",
    expected: "a path",
    about: "folder of the embedded stores",
    check: (value) => value.trim() !== "",
  },
  {
    name: "HOST",
    fallback: "127.0.0.1",
    expected: "an IP address or host name",
    about: "address that the dashboard listens on",
    check: (value) => /^[\w.:-]+$/.test(value),
  },
  { name: "PORT", fallback: "8000", about: "port of the dashboard; 0 takes a free one", ...integer(0, 65_535) },
  {
    name: "TIDEMARK_TOKEN",
    fallback: "",
    expected: "at least 16 characters",
    about: "token that callers must show when HOST is not loopback",
    secret: true,
    check: (value) => value === "" || value.length >= 16,
  },
  {
    name: "TOPIC_PREFIX",
    fallback: "tidemark",
    expected: "letters, digits, . _ or -",
    about: "first part of every topic's name",
    check: (value) => /^[\w.-]{1,100}$/.test(value),
  },
  {
    name: "KAFKA_LOG_RETENTION_HOURS",
    fallback: "168",
    about: "how long the log keeps records",
    ...integer(1, 87_600),
  },
  {
    name: "LOG_SIZE_MB_MAX",
    fallback: "20000",
    about: "how large the embedded log may grow",
    ...integer(16, 10_000_000),
  },
  { name: "PRODUCER_RATE_PER_SEC", fallback: "10", about: "mock events a second and source", ...integer(1, 100_000) },
  {
    name: "PRODUCER_CHANNELS",
    fallback: "demo_stream,gaming_stream,music_stream",
    about: "streams of the mock chat",
    ...names,
  },
  { name: "BINANCE_SYMBOLS", fallback: "BTCUSDT,ETHUSDT", about: "symbols of the market sources", ...names },
  { name: "ENABLE_FAKE_ANOMALIES", fallback: "true", about: "whether mock sources make labelled anomalies", ...flag },
  { name: "ANOMALY_EVERY_SEC", fallback: "180", about: "time between two mock chat spikes", ...integer(1, 86_400) },
  {
    name: "ANOMALY_EVERY_RECORDS",
    fallback: "1000",
    about: "trades between two mock price spikes",
    ...integer(2, 1_000_000_000),
  },
];

/** Variables of later adapters: set, they must not be ignored in silence. */
const notBuilt = ["KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "POSTGRES_URL", "POSTGRES_HOST"];

/** What the parser makes of an environment. */
export interface ParsedConfig {
  readonly config: Config;
  /** Empty when the config can be used. */
  readonly faults: readonly ConfigFault[];
  readonly settings: readonly ConfigSetting[];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the real environment over `.env`'s variables; an empty value counts as unset. */
export function parseConfig(environment: Environment, dotEnv: Environment = {}): ParsedConfig {
  const faults: ConfigFault[] = [];
  const settings: ConfigSetting[] = [];
  const values: Record<string, string> = {};
  for (const variable of variables) {
    const found = environment[variable.name] || dotEnv[variable.name];
    const origin = environment[variable.name] ? "environment" : dotEnv[variable.name] ? ".env" : "default";
    const fits = found === undefined || variable.check(found);
    const shown = variable.secret && found ? "********" : found ?? variable.fallback;
    if (!fits) faults.push({ variable: variable.name, value: shown, expected: variable.expected });
    values[variable.name] = fits ? found ?? variable.fallback : variable.fallback;
    settings.push({ variable: variable.name, value: shown, origin, about: variable.about });
  }
  for (const name of notBuilt) {
    const found = environment[name] || dotEnv[name];
    if (found) {
      faults.push({ variable: name, value: "(set)", expected: "no value: this version has the embedded stores only" });
    }
  }
  const config = assemble(values);
  if (!isLoopback(config.host) && config.token === undefined) {
    const expected = `a token of at least 16 characters, since HOST=${config.host} is not loopback`;
    faults.push({ variable: "TIDEMARK_TOKEN", value: "", expected });
  }
  return { config, faults, settings };
}

/** Whether a bind address is reachable from this machine only. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

function assemble(values: Readonly<Record<string, string>>): Config {
  const text = (name: string) => values[name] ?? "";
  const number = (name: string) => Number(text(name));
  const list = (name: string) => [...new Set(text(name).split(",").map((item) => item.trim()))];
  return {
    dataDir: text("DATA_DIR"),
    host: text("HOST"),
    port: number("PORT"),
    token: text("TIDEMARK_TOKEN") || undefined,
    topicPrefix: text("TOPIC_PREFIX"),
    logRetentionMs: number("KAFKA_LOG_RETENTION_HOURS") * 3_600_000,
    logSizeBytesMax: number("LOG_SIZE_MB_MAX") * 1_000_000,
    mock: {
      ratePerSec: number("PRODUCER_RATE_PER_SEC"),
      channels: list("PRODUCER_CHANNELS"),
      symbols: list("BINANCE_SYMBOLS"),
      fakeAnomalies: /^(true|1|yes)$/i.test(text("ENABLE_FAKE_ANOMALIES")),
      anomalyEveryMs: number("ANOMALY_EVERY_SEC") * 1_000,
      anomalyEveryRecords: number("ANOMALY_EVERY_RECORDS"),
    },
  };
}

const DOT_ENV_LINE = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^#\r\n]*))/;

/** Reads the lines of a `.env` file: `NAME=value`, optional quotes, `#` comments. */
export function parseDotEnv(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = DOT_ENV_LINE.exec(line);
    if (!match) continue;
    const [, name = "", double, single, bare] = match;
    found[name] = double?.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c)) ?? single ?? bare?.trim() ?? "";
  }
  return found;
}
