import assert from "node:assert/strict";
import { parseRedisUrl } from "../../core/config/redis.ts";
import { parseConfig } from "../../core/config.ts";

const plain = { host: "cache", port: 6379, tls: false, credentials: null, database: 0 };

Deno.test("a Redis URL names host, port, login, database and whether to encrypt", () => {
  const cases = [
    ["redis://cache", plain],
    ["redis://cache/", plain],
    ["REDIS://cache:7000/12", { ...plain, port: 7000, database: 12 }],
    ["rediss://cache", { ...plain, tls: true }],
    ["redis://[::1]:1", { ...plain, host: "::1", port: 1 }],
    ["redis://:p%40ss%3A@cache", { ...plain, credentials: { user: "default", password: "p@ss:" } }],
    ["redis://me:secret@cache/3", { ...plain, credentials: { user: "me", password: "secret" }, database: 3 }],
  ] as const;
  for (const [url, expected] of cases) assert.deepEqual(parseRedisUrl(url), expected, url);
});

Deno.test("a Redis URL with anything that would be passed over is none", () => {
  const bad = ["redis://me@cache", "redis://:%zz@cache", "redis://cache/-1", "redis://cache/123456", "redis://cache#1"];
  for (const url of bad) assert.equal(parseRedisUrl(url), undefined, url);
});

Deno.test("the Redis URL is never shown, and a certificate without TLS is a fault", () => {
  const { config, settings, faults } = parseConfig({ REDIS_URL: "redis://:secret@cache", REDIS_CA_FILE: "ca.pem" });
  assert.equal(config.redis.server?.credentials?.password, "secret");
  assert.ok(!JSON.stringify([settings, faults]).includes("secret"));
  assert.deepEqual(faults.map(({ variable }) => variable), ["REDIS_CA_FILE"]);
  const encrypted = parseConfig({ REDIS_URL: "rediss://cache", REDIS_CA_FILE: "ca.pem" });
  assert.deepEqual([encrypted.faults, encrypted.config.redis.caFile], [[], "ca.pem"]);
  assert.deepEqual(parseConfig({ REDIS_CA_FILE: "ca.pem" }).faults.length, 1);
});
