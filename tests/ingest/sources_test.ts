import assert from "node:assert/strict";
import { UserError } from "../../core/errors.ts";
import { contracts } from "../../core/events/mod.ts";
import { sourceByName, sources } from "../../ingest/sources/mod.ts";

Deno.test("each source has a name of its own, fills known topics and has a way in", () => {
  assert.equal(new Set(sources.map((source) => source.name)).size, sources.length);
  for (const source of sources) {
    assert.equal(sourceByName(source.name), source);
    assert.ok(source.about.length > 10 && source.contracts.length > 0);
    assert.ok(source.contracts.every((contract) => contracts.includes(contract)), source.name);
    assert.ok(source.recorded || source.open, source.name);
  }
});

Deno.test("an unknown source is an error that lists the known ones", () => {
  assert.throws(
    () => sourceByName("nope"),
    (error) =>
      error instanceof UserError && error.code === "usage" && /twitch, binance, chat, .*trades/.test(error.fix),
  );
});

Deno.test("a decoder of lines throws for no input and each input has its own", () => {
  for (const { recorded } of sources) {
    if (!recorded) continue;
    const decode = recorded.decoder("lines");
    for (const line of ["", "null", "[]", "{}", "\u0000", "x".repeat(2_000_000), "{".repeat(50_000), "\ud800"]) {
      decode(line);
    }
    const cut = decode("x".repeat(1_048_577));
    assert.equal(cut.kind === "dead" && cut.fault.reason, "too_large");
    assert.notEqual(recorded.decoder("lines"), decode);
  }
});
