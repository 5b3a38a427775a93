/**
 * `decode FILE --source NAME`: what a decoder makes of recorded input, canonical events as JSONL on stdout, dead lines
 * as JSON on stderr.
 * @module
 */
import { basename } from "node:path";
import { systemClock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { qualityEvents } from "../../core/events/quality.ts";
import { Door, Outbox } from "../../ingest/door.ts";
import { recordedInput } from "../../ingest/replay/recorded_input.ts";
import { openStream } from "../../ingest/replay/recorded_stream.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { parseCall, userPath } from "../arguments.ts";
import { encodingOf, mappingOf, mappingOptions } from "../mapping_options.ts";
import { print, say } from "../terminal.ts";

/** Runs the command; exit code. */
export async function decode(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "decode", options: { source: "string", ...mappingOptions }, words: true });
  const [file] = call.words;
  const name = call.text("source");
  if (file === undefined || name === undefined || call.words.length > 1) {
    throw new UserError("usage", {
      cause: "Cannot decode: one file and a source are needed",
      fix: "tidemark decode FILE --source NAME [--map field=column …]",
    });
  }
  const path = userPath(file);
  const outbox = new Outbox();
  const door = new Door(outbox, { origin: basename(path), instance: basename(path), runId: null });
  const how = { source: sourceByName(name), mapping: mappingOf(call), encoding: encodingOf(call) };
  const input = await recordedInput(path, how);
  if (input.note !== null) say(input.note);
  const stream = await openStream(input, { order: "file", startAfter: 0 });
  for (let more = stream.head !== null; more; more = stream.next() || await stream.fill()) {
    const { decoded, raw, line } = stream.head!;
    door.admit(decoded, { nowMs: systemClock.nowMs(), raw, line });
    if (outbox.pending > 0) flush(outbox);
  }
  await stream.close();
  return 0;
}

function flush(outbox: Outbox): void {
  for (const { topic, records } of outbox.take()) {
    // Scores are for the log; here the lines speak for themselves.
    if (topic === qualityEvents.topic) continue;
    const tell = topic === derivedTopics.dead ? say : print;
    tell(records.map(({ value }) => value).join("\n"));
  }
}
