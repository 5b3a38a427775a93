/**
 * Configuration: one pure parser that reads the environment once and reports all faults at once. A new variable stands
 * in the section that it belongs to, below config/.
 * @module
 */
import type { DotEnv } from "./config/dot_env.ts";
import { kafkaSection, type KafkaSectionConfig } from "./config/kafka.ts";
import { type BinanceConfig, binanceSection } from "./config/binance.ts";
import { type LogConfig, logSection } from "./config/log.ts";
import { type MockConfig, mockSection } from "./config/mock.ts";
import { type PostgresConfig, postgresSection } from "./config/postgres.ts";
import { type ProcessingConfig, processingSection } from "./config/processing.ts";
import { type RawEventsConfig, rawEventsSection } from "./config/raw_events.ts";
import { type RedisConfig, redisSection } from "./config/redis.ts";
import { type ReplayConfig, replaySection } from "./config/replay.ts";
import { type ServerConfig, serverSection } from "./config/server.ts";
import { type ShardingConfig, shardingSection } from "./config/sharding.ts";
import { type SpoolConfig, spoolSection } from "./config/spool.ts";
import { type TwitchConfig, twitchSection } from "./config/twitch.ts";
import { type ConfigFault, MASK, type Section, type Values } from "./config/variable.ts";
import { type YahooConfig, yahooSection } from "./config/yahoo.ts";

export type { ConfigFault } from "./config/variable.ts";
export { isLoopback } from "./config/server.ts";
export { parseDotEnv } from "./config/dot_env.ts";

/** Everything that the environment decides. */
export interface Config
  extends ServerConfig, LogConfig, SpoolConfig, KafkaSectionConfig, PostgresConfig, ProcessingConfig, RawEventsConfig {
  readonly redis: RedisConfig;
  readonly mock: MockConfig;
  readonly twitch: TwitchConfig;
  readonly binance: BinanceConfig;
  readonly yahoo: YahooConfig;
  readonly replay: ReplayConfig;
  readonly sharding: ShardingConfig;
}

/** THE LIST of sections. */
const sections: readonly Section<unknown>[] = [
  serverSection,
  logSection,
  kafkaSection,
  postgresSection,
  processingSection,
  rawEventsSection,
  redisSection,
  spoolSection,
  mockSection,
  replaySection,
  shardingSection,
  twitchSection,
  binanceSection,
  yahooSection,
];

const assemble = (values: Values): Config => ({
  ...serverSection.read(values),
  ...logSection.read(values),
  ...postgresSection.read(values),
  ...processingSection.read(values),
  ...rawEventsSection.read(values),
  redis: redisSection.read(values),
  ...kafkaSection.read(values),
  ...spoolSection.read(values),
  mock: mockSection.read(values),
  twitch: twitchSection.read(values),
  binance: binanceSection.read(values),
  yahoo: yahooSection.read(values),
  replay: replaySection.read(values),
  sharding: shardingSection.read(values),
});

/** Where a setting came from. */
export interface ConfigSetting {
  readonly variable: string;
  /** As shown to people: secrets masked. */
  readonly value: string;
  readonly origin: "environment" | ".env" | "default";
  readonly about: string;
}

/** What the parser makes of an environment. */
export interface ParsedConfig {
  readonly config: Config;
  /** Empty when the config can be used. */
  readonly faults: readonly ConfigFault[];
  readonly settings: readonly ConfigSetting[];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the real environment over `.env`; an empty value counts as unset. */
export function parseConfig(environment: Environment, dotEnv: DotEnv = { variables: {}, faults: [] }): ParsedConfig {
  const faults: ConfigFault[] = [...dotEnv.faults];
  const settings: ConfigSetting[] = [];
  const texts: Record<string, string> = {};
  const find = (name: string) => environment[name] || dotEnv.variables[name];
  for (const variable of sections.flatMap((section) => section.variables)) {
    const found = find(variable.name);
    const origin = environment[variable.name] ? "environment" : dotEnv.variables[variable.name] ? ".env" : "default";
    const fits = found === undefined || variable.check(found);
    const shown = variable.secret && found ? MASK : found ?? variable.fallback;
    if (!fits) faults.push({ variable: variable.name, value: shown, expected: variable.expected });
    texts[variable.name] = fits ? found ?? variable.fallback : variable.fallback;
    settings.push({ variable: variable.name, value: shown, origin, about: variable.about });
  }
  const values = valuesOf(texts);
  for (const { read, relations } of sections) {
    for (const [variable, expected] of relations?.(read(values)) ?? []) {
      faults.push({
        variable,
        value: settings.find((setting) => setting.variable === variable)?.value ?? "",
        expected,
      });
    }
  }
  return { config: assemble(values), faults, settings };
}

function valuesOf(texts: Readonly<Record<string, string>>): Values {
  const text = (name: string) => texts[name] ?? "";
  return {
    text,
    number: (name) => Number(text(name)),
    list: (name) => [...new Set(text(name).split(",").map((item) => item.trim()).filter((item) => item !== ""))],
    flag: (name) => /^(true|1|yes)$/i.test(text(name)),
  };
}
