/**
 * compose.yaml and Dockerfile against the configuration and the command line. They cannot be run where the tests run;
 * tests/e2e/compose_services_test.ts runs their commands as plain processes.
 */
import assert from "node:assert/strict";
import { parseConfig } from "../core/config.ts";
import { resolveShard, shardOf } from "../ingest/sharding.ts";
import { sourceByName } from "../ingest/sources/mod.ts";
import { type ComposeService, composeText, interpolate, parseCompose } from "./support/compose_file.ts";
import { projectRoot, tidemark } from "./support/tidemark.ts";

const token = "sixteen-characters";
const text = await composeText();
const dockerfile = await Deno.readTextFile(`${projectRoot}Dockerfile`);
const { name: project, services, volumes } = parseCompose(text, { TIDEMARK_TOKEN: token });
const own = Object.entries(services).filter(([, service]) => service.build !== undefined);
const foreign = Object.entries(services).filter(([, service]) => service.build === undefined);

const configOf = (service: ComposeService) => parseConfig(service.environment ?? {});

Deno.test("the file has three services of Tidemark, the stores that they share, and a console", () => {
  assert.deepEqual(own.map(([name]) => name), ["producer", "processor", "dashboard"]);
  assert.deepEqual(foreign.map(([name]) => name), ["redpanda", "redis", "postgres", "console"]);
});

Deno.test("variables are put in as Compose does, and a form that it does not know is refused", () => {
  assert.equal(interpolate("a${A:-b}c${B}d${C:-}", { B: "x" }), "abcxd");
  assert.equal(interpolate("${A:-b}", { A: "given" }), "given");
  assert.throws(() => interpolate("${A:?why}", { A: "" }), /A is not set: why/);
  for (const form of ["$A", "${a-b}", "${A+b}"]) assert.throws(() => interpolate(form, {}), /no form of a variable/);
});

Deno.test("a name that Compose does not have, or a bare number as a value, is refused", () => {
  const broken = (from: string, to: string) => {
    assert.ok(text.includes(from), from);
    return () => parseCompose(text.replace(from, to), { TIDEMARK_TOKEN: token });
  };
  assert.throws(broken("healthcheck:", "healthchek:"), /healthchek/);
  assert.throws(broken('PORT: "8000"', "PORT: 8000"), /PORT/);
  assert.throws(broken("condition: service_healthy", "condition: healthy"), /condition/);
  assert.throws(broken("retries: 3", "retries: 3\n    retries: 4"), /unique/);
});

Deno.test("foreign images are pinned to a release, the own one is built here from a pinned base", async () => {
  for (const [name, { image }] of foreign) {
    // Releases of Postgres have two numbers, those of the others three; fewer would be a moving tag.
    const release = name === "postgres" ? /^[\w./-]+:\d+\.\d+(-\w+)?$/ : /^[\w./-]+:v?\d+\.\d+\.\d+(-\w+)?$/;
    assert.match(image, release, name);
  }
  assert.equal(new Set(own.map(([, { image }]) => image)).size, 1, "one image for all");
  for (const [, { pull_policy }] of own) assert.equal(pull_policy, "build", "no registry has it");
  const [base, ...more] = [...dockerfile.matchAll(/^FROM (\S+)$/gm)].map(([, found]) => found!);
  assert.deepEqual(more, []);
  const ci = await Deno.readTextFile(`${projectRoot}.ci/run`);
  assert.equal(base, `denoland/deno:${/^deno_version=(\S+)$/m.exec(ci)![1]}`, "the Deno that CI tests");
});

Deno.test("every variable of the services is one of the configuration, with a value that it takes", () => {
  const known = new Set(parseConfig({}).settings.map(({ variable }) => variable));
  for (const [name, service] of own) {
    const { config, faults } = configOf(service);
    assert.deepEqual(faults, [], name);
    assert.deepEqual(Object.keys(service.environment!).filter((variable) => !known.has(variable)), [], name);
    assert.ok(config.kafka && config.redis.server && config.postgres, `${name} has stores that processes share`);
  }
});

Deno.test("what a service offers its user by a variable has the name of the service's variable", () => {
  // So that the same .env serves Compose and plain processes.
  const lines = [...text.matchAll(/^\s+([A-Z_]+): \$\{([A-Z_]+):/gm)];
  assert.ok(lines.length > 5);
  for (const [line, variable, offered] of lines) assert.equal(variable, offered, line);
});

Deno.test("the stores are the ones of the file: host is a service's name, port its port, login its login", () => {
  const [, service] = own[0]!;
  const { kafka, redis, postgres } = configOf(service).config;
  const advertised = services.redpanda!.command!.find((word) => word.startsWith("--advertise-kafka-addr="));
  assert.deepEqual(kafka!.bootstrapServers, [advertised!.split("=")[1]]);
  assert.ok(services.redpanda!.command!.includes("--kafka-addr=0.0.0.0:9092"));
  assert.equal(services.console!.environment!.KAFKA_BROKERS, kafka!.bootstrapServers[0]);
  const { host, port, tls, credentials } = redis.server!;
  assert.deepEqual([host, port, tls, credentials], ["redis", 6379, false, null]);
  const login = services.postgres!.environment!;
  assert.deepEqual(
    [postgres!.host, postgres!.port, postgres!.database, postgres!.user, postgres!.password],
    ["postgres", 5432, login.POSTGRES_DB, login.POSTGRES_USER, login.POSTGRES_PASSWORD],
  );
  assert.ok(services.postgres!.healthcheck!.test.includes(`--username=${login.POSTGRES_USER}`));
});

Deno.test("Redis evicts nothing and keeps an append-only file, as its window store demands", () => {
  const command = services.redis!.command!.join(" ");
  assert.match(command, /--maxmemory-policy noeviction/);
  assert.match(command, /--appendonly yes/);
});

Deno.test("secrets: the token is demanded, and a password is a variable", () => {
  assert.throws(() => parseCompose(text, {}), /TIDEMARK_TOKEN is not set/);
  const short = parseCompose(text, { TIDEMARK_TOKEN: "short" }).services.dashboard!;
  assert.deepEqual(configOf(short).faults.map(({ variable }) => variable).includes("TIDEMARK_TOKEN"), true);
  const hard = text.split("\n").filter((line) =>
    /(PASSWORD|TOKEN|SECRET)\w*:/.test(line) && !/: \$\{\w+:[-?]/.test(line)
  );
  assert.deepEqual(hard, []);
  const changed = parseCompose(text, { TIDEMARK_TOKEN: token, POSTGRES_PASSWORD: "another" }).services;
  assert.equal(configOf(changed.processor!).config.postgres!.password, "another");
  assert.equal(changed.postgres!.environment!.POSTGRES_PASSWORD, "another");
});

Deno.test("health checks ask the port that the process listens on; only that of the dashboard is published, on loopback", () => {
  for (const [name, service] of own) {
    const { config } = configOf(service);
    assert.match(service.healthcheck!.test.at(-1)!, new RegExp(`//127\\.0\\.0\\.1:${config.port}/api/health"`), name);
    if (name === "dashboard") continue;
    const at = service.command!.indexOf("--port");
    assert.equal(service.command![at + 1], String(config.port), `${name} listens only when it is told to`);
    assert.equal(service.ports, undefined, `${name} has replicas, which cannot share a port`);
  }
  const { port } = configOf(services.dashboard!).config;
  assert.deepEqual(services.dashboard!.ports, [`127.0.0.1:${port}:${port}`]);
  const published = Object.values(services).flatMap(({ ports = [] }) => ports);
  assert.ok(published.every((mapping) => mapping.startsWith("127.0.0.1:")), String(published));
});

Deno.test("a service starts when what it needs is healthy", () => {
  for (const [name, { depends_on = {} }] of Object.entries(services)) {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      assert.ok(services[needed] !== undefined, `${name} needs ${needed}`);
      const expected = services[needed]!.healthcheck === undefined ? "service_started" : "service_healthy";
      assert.equal(condition, expected, `${name} needs ${needed}`);
      assert.equal(services[needed]!.profiles, undefined, `${needed} always runs`);
    }
  }
  for (const [name, { depends_on = {} }] of own) {
    assert.deepEqual(Object.keys(depends_on), ["redpanda", "redis", "postgres"], name);
  }
});

Deno.test("named volumes are declared and used; the services' own is one of each container", () => {
  const used = Object.values(services).flatMap(({ volumes: mounts = [] }) => mounts).filter((mount) =>
    !mount.startsWith("/")
  );
  assert.deepEqual(used.map((mount) => mount.split(":")[0]).sort(), Object.keys(volumes).sort());
  for (const [name, service] of own) assert.deepEqual(service.volumes, [configOf(service).config.dataDir], name);
  assert.match(dockerfile, new RegExp(`^VOLUME ${configOf(own[0]![1]).config.dataDir}$`, "m"));
});

Deno.test("commands are commands of Tidemark with options and sources that it knows", async () => {
  const help = (await tidemark(["help"])).stderr;
  for (const [name, { command }] of own) {
    const [first, ...rest] = command!;
    const line = new RegExp(`^tidemark ${first} (.*)$`, "m").exec(help)?.[1];
    assert.ok(line !== undefined, `${name} runs ${first}`);
    for (const option of rest.filter((word) => word.startsWith("-"))) {
      assert.ok(line.includes(option), `${name} ${option}`);
    }
  }
  const sources = services.producer!.command![2]!.split(",");
  for (const source of sources) assert.ok(sourceByName(source).open !== undefined, source);
});

Deno.test("three producers find their numbers by the names that Compose gives, and each has something to send", async () => {
  const scaled = parseCompose(text, { TIDEMARK_TOKEN: token, TOTAL_PRODUCERS: "3" }).services.producer!;
  const { config } = configOf(scaled);
  const shards = await Promise.all([1, 2, 3].map((replica) =>
    resolveShard(config.sharding, {
      hostName: () => "4f0c2a9be1d7",
      reverseNames: () => Promise.resolve([`${project}-producer-${replica}.${project}_default.`]),
    })
  ));
  assert.deepEqual(shards.map(({ index }) => index).sort(), [0, 1, 2]);
  for (const list of [config.mock.channels, config.mock.symbols]) {
    assert.deepEqual(shards.flatMap((shard) => shardOf(list, shard)).sort(), [...list].sort());
    for (const shard of shards) assert.ok(shardOf(list, shard).length > 0, `${list} for ${shard.index}`);
  }
});

Deno.test("the image runs as an ordinary user, with permissions by name, on what was installed when it was built", () => {
  const lines = dockerfile.split("\n");
  const user = lines.findLastIndex((line) => line.startsWith("USER "));
  assert.equal(lines[user], "USER deno");
  assert.ok(user < lines.findIndex((line) => line.includes("deno install --frozen")), "nothing is installed as root");
  const entry: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!);
  assert.deepEqual([entry[0], entry[1], entry.at(-1)], ["deno", "run", "main.ts"]);
  assert.ok(entry.includes("--cached-only") && entry.includes("--no-prompt"));
  assert.deepEqual(
    entry.filter((word) => word === "-A" || word === "--allow-all" || word.startsWith("--allow-run")),
    [],
  );
  const { dataDir } = configOf(own[0]![1]).config;
  assert.ok(entry.includes(`--allow-write=${dataDir}`), "it writes where its data lies");
});
