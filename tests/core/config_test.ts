import assert from "node:assert/strict";
import { isLoopback, parseConfig, parseDotEnv } from "../../core/config.ts";

const token = "sixteen characters";

/** Variables that a config finds fault with. */
const faultsOf = (environment: Record<string, string>) =>
  parseConfig(environment).faults.map(({ variable }) => variable);

Deno.test("without any variable the defaults hold and nothing is wrong", () => {
  const { config, faults, settings } = parseConfig({});
  assert.deepEqual(faults, []);
  assert.deepEqual(config, {
    dataDir: "data",
    kafka: null,
    host: "127.0.0.1",
    port: 8000,
    token: undefined,
    topicPrefix: "tidemark",
    logRetentionMs: 168 * 3_600_000,
    logSizeBytesMax: 20_000_000_000,
    postgres: null,
    keepEvents: null,
    processorThreads: 1,
    redis: { server: null, caFile: undefined },
    spoolBytesMax: 256_000_000,
    twitch: {
      channels: [],
      oauthToken: undefined,
      nickname: undefined,
      ircUrl: "wss://irc-ws.chat.twitch.tv:443",
    },
    binance: {
      streamUrl: "wss://data-stream.binance.vision",
      restUrl: "https://data-api.binance.vision",
      klines: [],
    },
    mock: {
      ratePerSec: 10,
      channels: ["demo_stream", "gaming_stream", "music_stream"],
      symbols: ["BTCUSDT", "ETHUSDT"],
      seed: null,
      fakeAnomalies: true,
      anomalyEveryMs: 180_000,
      anomalyEveryRecords: 1_000,
    },
    yahoo: {
      symbols: ["AAPL", "MSFT", "SPY"],
      interval: "1m",
      pollMs: 60_000,
      historyDays: 365,
      callsPerMinute: 30,
      url: "https://query2.finance.yahoo.com",
    },
    replay: { recordIntervalMs: 200 },
    sharding: { totalProducers: 1, producerIndex: null },
  });
  assert.ok(settings.every(({ origin, about }) => origin === "default" && about !== ""));
});

Deno.test("a real variable wins over .env, .env over the default, and an empty one counts as unset", () => {
  const parsed = parseConfig({ PORT: "1", HOST: "" }, {
    variables: { PORT: "2", HOST: "::1", DATA_DIR: "elsewhere" },
    faults: [],
  });
  const { port, host, dataDir } = parsed.config;
  assert.deepEqual({ port, host, dataDir }, { port: 1, host: "::1", dataDir: "elsewhere" });
  const origins = Object.fromEntries(parsed.settings.map(({ variable, origin }) => [variable, origin]));
  assert.deepEqual(
    [origins.PORT, origins.HOST, origins.DATA_DIR, origins.TOPIC_PREFIX],
    ["environment", ".env", ".env", "default"],
  );
});

const bad: Readonly<Record<string, readonly string[]>> = {
  DATA_DIR: [" "],
  HOST: ["no host", "a/b"],
  PORT: ["-1", "65536", "80.5", "http", "1e3", "９"],
  TOPIC_PREFIX: ["a b", "x/y", "y".repeat(101)],
  KAFKA_LOG_RETENTION_HOURS: ["0", "forever"],
  LOG_SIZE_MB_MAX: ["15"],
  KAFKA_BOOTSTRAP_SERVERS: ["broker", "a:1,,b:2", "http://a:1", "a:0", "a:65536", "a:1,b:99999"],
  KAFKA_NUM_PARTITIONS: ["0"],
  KAFKA_REPLICATION_FACTOR: ["0"],
  KAFKA_COMPRESSION: ["brotli"],
  KAFKA_LINGER_MS: ["-1"],
  KAFKA_BATCH_SIZE: ["16"],
  KAFKA_DELIVERY_TIMEOUT_MS: ["0"],
  KAFKA_SESSION_TIMEOUT_MS: ["10"],
  KAFKA_SECURITY_PROTOCOL: ["TLS"],
  KAFKA_SASL_MECHANISM: ["GSSAPI"],
  POSTGRES_HOST: ["a b", "db/tidemark"],
  POSTGRES_PORT: ["0", "65536"],
  POSTGRES_SSLMODE: ["prefer", "on"],
  POSTGRES_CONNECTIONS_MAX: ["0", "101"],
  RAW_EVENTS: ["on", "RAW"],
  RAW_EVENTS_RETENTION_DAYS: ["0", "x"],
  REDIS_URL: ["cache", "http://cache", "redis://", "redis://cache/name", "redis://cache/1/2", "redis://cache?db=1"],
  PRODUCER_RATE_PER_SEC: ["0", "100001"],
  PRODUCER_CHANNELS: [",", "a,,b", "a b"],
  BINANCE_SYMBOLS: ["BTC USDT"],
  ENABLE_FAKE_ANOMALIES: ["maybe", "2"],
  ANOMALY_EVERY_SEC: ["0"],
  ANOMALY_EVERY_RECORDS: ["1"],
};

Deno.test("a value that does not fit is a fault that says what was expected, and the default stands in", () => {
  const defaults = parseConfig({}).config;
  for (const [variable, values] of Object.entries(bad)) {
    for (const value of values) {
      const { config, faults } = parseConfig({ [variable]: value });
      assert.deepEqual(
        faults.map((fault) => [fault.variable, fault.value]),
        [[variable, variable === "REDIS_URL" ? "********" : value]],
        `${variable}=${value}`,
      );
      assert.ok(faults[0]!.expected.length > 5);
      assert.deepEqual(config, defaults);
    }
  }
});

Deno.test("all faults are reported at once, in the order of the variables", () => {
  const worst = Object.fromEntries(Object.entries(bad).map(([variable, values]) => [variable, values[0]!]));
  assert.deepEqual(faultsOf(worst), Object.keys(bad));
});

Deno.test("switches and lists are read as people write them", () => {
  for (const [text, value] of [["yes", true], ["1", true], ["TRUE", true], ["no", false], ["0", false]] as const) {
    assert.equal(parseConfig({ ENABLE_FAKE_ANOMALIES: text }).config.mock.fakeAnomalies, value, text);
  }
  assert.deepEqual(parseConfig({ PRODUCER_CHANNELS: "a, b ,a" }).config.mock.channels, ["a", "b"]);
});

Deno.test("a secret is never shown, neither as a setting nor as a fault", () => {
  for (const secret of [token, "too short"]) {
    assert.ok(!JSON.stringify([parseConfig({ TIDEMARK_TOKEN: secret }).settings]).includes(secret));
    assert.ok(!JSON.stringify([parseConfig({ TIDEMARK_TOKEN: secret }).faults]).includes(secret));
  }
  assert.deepEqual(faultsOf({ TIDEMARK_TOKEN: "too short" }), ["TIDEMARK_TOKEN"]);
  assert.equal(parseConfig({ TIDEMARK_TOKEN: token }).config.token, token);
});

Deno.test("an address that others can reach needs a token", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.7", "example.org", "127.evil.org"]) {
    assert.deepEqual(faultsOf({ HOST: host }), ["TIDEMARK_TOKEN"], host);
    assert.deepEqual(faultsOf({ HOST: host, TIDEMARK_TOKEN: token }), [], host);
    assert.match(parseConfig({ HOST: host }).faults[0]!.expected, new RegExp(`HOST=${host} is not loopback`));
  }
  for (const host of ["127.0.0.1", "127.1.2.3", "localhost", "::1"]) {
    assert.ok(isLoopback(host), host);
    assert.deepEqual(faultsOf({ HOST: host }), [], host);
  }
});

const withKafka = { KAFKA_BOOTSTRAP_SERVERS: "one:9092, [::1]:9093" };

Deno.test("Kafka is chosen by its servers, and its settings have Kafka's own names", () => {
  assert.equal(parseConfig({ KAFKA_NUM_PARTITIONS: "12" }).config.kafka, null);
  const { config, faults } = parseConfig(withKafka);
  assert.deepEqual([faults, config.kafka?.numPartitions, config.kafka?.replicationFactor], [[], null, null]);
  const { kafka } = parseConfig({
    ...withKafka,
    KAFKA_NUM_PARTITIONS: "12",
    KAFKA_REPLICATION_FACTOR: "3",
    KAFKA_COMPRESSION: "lz4",
    KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
    KAFKA_SSL_CA: "ca.pem",
    KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
    KAFKA_SASL_USERNAME: "me",
    KAFKA_SASL_PASSWORD: "secret",
  }).config;
  assert.deepEqual(kafka, {
    bootstrapServers: ["one:9092", "[::1]:9093"],
    numPartitions: 12,
    replicationFactor: 3,
    compression: "lz4",
    lingerMs: 5,
    batchBytesMax: 900_000,
    deliveryTimeoutMs: 120_000,
    sessionTimeoutMs: 30_000,
    tls: true,
    caFile: "ca.pem",
    sasl: { mechanism: "SCRAM-SHA-512", username: "me", password: "secret" },
  });
});

Deno.test("what Kafka's security protocol asks for has to be there, and a password is not shown", () => {
  const sasl = { ...withKafka, KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT" };
  assert.deepEqual(faultsOf(sasl), ["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"]);
  assert.deepEqual(faultsOf({ ...withKafka, KAFKA_SSL_CA: "ca.pem" }), ["KAFKA_SSL_CA"]);
  assert.deepEqual(faultsOf({ ...withKafka, KAFKA_SECURITY_PROTOCOL: "SSL", KAFKA_SSL_CA: "ca.pem" }), []);
  const { settings } = parseConfig({ ...sasl, KAFKA_SASL_PASSWORD: "secret" });
  assert.ok(!JSON.stringify(settings).includes("secret"));
});

Deno.test("Twitch's channels and account are read as people write them, and a token needs its nickname", () => {
  const { config, faults } = parseConfig({
    TWITCH_CHANNEL: "#xQcOW, shroud,shroud",
    TWITCH_OAUTH_TOKEN: "oauth:abcdefghijklmno",
    TWITCH_NICKNAME: "Somebody",
  });
  assert.deepEqual(faults, []);
  const { channels, oauthToken, nickname } = config.twitch;
  assert.deepEqual([channels, oauthToken, nickname], [["xqcow", "shroud"], "abcdefghijklmno", "somebody"]);
  assert.deepEqual(faultsOf({ TWITCH_OAUTH_TOKEN: "abcdefghijklmno" }), ["TWITCH_NICKNAME"]);
  assert.deepEqual(faultsOf({ TWITCH_NICKNAME: "somebody" }), ["TWITCH_OAUTH_TOKEN"]);
  assert.deepEqual(faultsOf({ TWITCH_CHANNEL: "no spaces here" }), ["TWITCH_CHANNEL"]);
  assert.deepEqual(faultsOf({ BINANCE_STREAM_URL: "https://data" }), ["BINANCE_STREAM_URL"]);
});

Deno.test(".env lines are names and values, with quotes, comments and export", () => {
  const text = [
    "\ufeff# a comment",
    "A=1",
    "  B = two words  # and a comment",
    'C="with # and \\"quotes\\" and \\n a break" # and a comment',
    "D='as $it \\n stands'# and a comment",
    "export E=5",
    "F=",
    "G=http://host:80/path?x=1",
    'H="  kept  "',
    "  # an indented comment",
    "I=#xqc,#shroud # and a comment",
    "J=ab#cd",
    "K= # nothing but a comment",
    "L=\t#",
    "other.tool-name=1",
    "A=2",
  ];
  const variables = {
    A: "2",
    B: "two words",
    C: 'with # and "quotes" and \n a break',
    D: "as $it \\n stands",
    E: "5",
    F: "",
    G: "http://host:80/path?x=1",
    H: "  kept  ",
    I: "#xqc,#shroud",
    J: "ab#cd",
    K: "",
    L: "",
    "other.tool-name": "1",
  };
  for (const lineBreak of ["\n", "\r\n"]) {
    assert.deepEqual(parseDotEnv(text.join(lineBreak)), { variables, faults: [] });
  }
  assert.deepEqual(parseDotEnv(""), { variables: {}, faults: [] });
});

Deno.test("a line of .env that is no variable is told by its number, and nothing of it is shown", () => {
  const lines = [
    "PORT: 8125",
    "# fine",
    "HOST=::1",
    "no equals sign",
    "",
    "9=not a name",
    'A="unclosed',
    "B='closed' and more",
    "export C",
    "=value",
    "IF=hash#es\tare#kept",
  ];
  const { variables, faults } = parseDotEnv(lines.join("\n"));
  assert.deepEqual(variables, { HOST: "::1", IF: "hash#es\tare#kept" });
  const expected = [1, 4, 6, 7, 8, 9, 10];
  assert.deepEqual(faults.map(({ variable }) => variable), expected.map((line) => `.env line ${line}`));
  for (const fault of faults) {
    assert.equal(fault.value, "********");
    assert.match(fault.expected, /line (7|8)$/.test(fault.variable) ? /both quotes/ : /NAME=value/);
  }
});

Deno.test("a .env in UTF-16 is refused as a whole, with how to save it", () => {
  // As a reader of UTF-8 sees it, with and without the mark at its beginning.
  for (const mark of ["\ufffd\ufffd", ""]) {
    const { variables, faults } = parseDotEnv(mark + [..."PORT=8125\r\n"].map((char) => char + "\0").join(""));
    assert.deepEqual(variables, {});
    assert.deepEqual(faults.map(({ variable, value }) => [variable, value]), [[".env", "********"]]);
    assert.match(faults[0]!.expected, /UTF-8/);
  }
});

Deno.test("faults of .env are faults of the configuration, before those of variables", () => {
  const { faults } = parseConfig({ PORT: "x" }, parseDotEnv("PORT: 8125\n"));
  assert.deepEqual(faults.map(({ variable }) => variable), [".env line 1", "PORT"]);
});
