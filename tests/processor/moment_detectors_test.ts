/**
 * The detectors of moments and the flood, window by window and event by event, each also after its state went through JSON.
 */
import assert from "node:assert/strict";
import type { ChatEvent } from "../../core/events/chat.ts";
import { hashText } from "../../core/hash.ts";
import { episode, flood, type MomentDetector, peak, raid } from "../../processor/detectors/mod.ts";
import { formatTime } from "../../core/time.ts";

/** Values of a window by the metrics' names. */
type Values = Readonly<Record<string, unknown>>;

/** Windows of 60 s, one each 10 s, in turn: the places of those out of the ordinary, and their scores. */
function found(detector: MomentDetector, windows: readonly Values[]): [place: number, score: number][] {
  let state = detector.zero();
  return windows.flatMap((values, place): [number, number][] => {
    state = JSON.parse(JSON.stringify(state));
    const window = { windowStartMs: place * 10_000, windowEndMs: place * 10_000 + 60_000 };
    const read = (metric: string) => values[metric];
    const baseline = detector.baseline(state, window);
    const judgement = baseline === null ? null : detector.judge(baseline, { ...window, read, state });
    detector.remember(state, { ...window, read, anomalous: judgement?.anomalous ?? false, isCorrection: false });
    return judgement?.anomalous ? [[place, Number(judgement.verdict().score.toFixed(2))]] : [];
  });
}

const counts = (values: readonly number[]) => values.map((n) => ({ n }));
const calm = Array.from({ length: 60 }, (_, i) => 10 + i % 3);
const options = { kind: "test", samplesMin: 10 };

Deno.test("a peak is far above the usual windows, and at least so many times as high", () => {
  assert.deepEqual(found(peak("n", options), counts([...calm, 30, 11])).map(([place]) => place), [60]);
  assert.deepEqual(found(peak("n", { ...options, riseMin: 3 }), counts([...calm, 30, 11])), []);
  assert.deepEqual(found(peak("n", { ...options, valueMin: 31 }), counts([...calm, 30, 11])), []);
  assert.deepEqual(found(peak("n", options), counts([...calm, 0, 0, 1])), [], "what sinks is no peak");
  assert.deepEqual(found(peak("n", options), counts([5, 5, 5, 90])), [], "too few windows to go by");
  const still = Array<number>(40).fill(100);
  assert.deepEqual(
    found(peak("n", { ...options, stdDevShareMin: 0.05 }), counts([...still, 114, 116])).map(([place]) => place),
    [41],
    "stillness counts as 5 % of unrest",
  );
});

Deno.test("windows of a moment are no part of the usual, until it has lasted for so long that they are", () => {
  const long = counts([...calm, ...Array<number>(12).fill(40), ...calm]);
  assert.deepEqual(found(peak("n", options), long).length, 12, "two minutes stay out of the ordinary");
  const risen = counts([...calm, ...Array<number>(120).fill(40), 41, 40]);
  const places = found(peak("n", { ...options, usualAfterMs: 120_000 }), risen).map(([place]) => place);
  assert.equal(places[0], 60);
  assert.ok(places.at(-1)! < 60 + 60, `a new usual by ${places.at(-1)}`);
});

Deno.test("an episode begins at one bound and ends below another, and a share of few is none", () => {
  const shares = [0.1, 0.3, 0.2, 0.15, 0.1, 0.2].map((share) => ({ share, n: 50 }));
  const toxic = episode("share", { kind: "t", enter: 0.3, leave: 0.15, among: ["n", 20] });
  assert.deepEqual(found(toxic, shares), [[1, 1], [2, 0.67], [3, 0.5]]);
  assert.deepEqual(found(toxic, shares.map((values) => ({ ...values, n: 19 }))), []);
  assert.deepEqual(found(toxic, [{ share: null, n: 50 }]), []);
  assert.throws(() => episode("share", { kind: "t", enter: 0.1, leave: 0.2 }), /leave 0.2 at most/);
});

const signature = (people: readonly number[]) =>
  people.map((person) => hashText(`user ${person}`, 0)).sort((a, b) => a - b).slice(0, 64);
const from = (first: number, n: number) => Array.from({ length: n }, (_, i) => first + i);

/** A window of these people, each with two messages. */
const chatOf = (people: readonly number[]) => ({ people: signature(people), n: 2 * people.length });
/** An hour in which 40 of 60 regular people write at a time, and each window one who is new. */
const regulars = Array.from({ length: 200 }, (_, i) => chatOf([...from(i % 20, 40), 1_000 + i]));
const raiders = (n: number) => Array.from({ length: 6 }, () => chatOf([...from(0, 40), ...from(5_000, n)]));
const raided = raid({ people: "people", signatureMax: 64, events: "n" });

Deno.test("a raid is many people at once who have not written before; regulars at once are none", () => {
  const places = found(raided, [...regulars, ...raiders(120), ...regulars.slice(0, 3)]).map(([place]) => place);
  assert.deepEqual(places, [200, 201, 202, 203, 204, 205]);
  const crowd = chatOf(from(0, 60));
  const excited = Array.from({ length: 6 }, () => ({ ...crowd, n: 1_000 }));
  assert.deepEqual(found(raided, [...regulars, ...excited]), [], "more messages, by people who are known");
  assert.deepEqual(found(raided, [...regulars, ...raiders(15)]), [], "fifteen are too few to tell");
  assert.deepEqual(found(raided, [...regulars.slice(0, 50), ...raiders(120)]), [], "at first everybody is new");
});

Deno.test("raiders who stay are known, and who was away for two hours is new again", () => {
  const stay = [...from(0, 40), ...from(5_000, 120)];
  const later = Array.from({ length: 40 }, () => chatOf(stay));
  const places = found(raided, [...regulars, ...raiders(120), ...later]).map(([place]) => place);
  assert.ok(places.length >= 6 && places.at(-1)! < 212, `${places.at(-1)}`);
  const quiet = Array.from({ length: 800 }, (_, i) => chatOf(from(i % 20, 40)));
  const again = found(raided, [...regulars, ...raiders(120), ...quiet, ...raiders(120)]).map(([place]) => place);
  assert.deepEqual(again.filter((place) => place >= 1_000).slice(0, 2), [1_006, 1_007]);
});

const says = (second: number, user_id: string) =>
  ({ timestamp: formatTime(second * 1_000), user_id }) as unknown as ChatEvent;

/** The seconds of the events that are a flood. */
function floods(events: readonly ChatEvent[]): string[] {
  const detector = flood<ChatEvent>({ user: (event) => event.user_id, eventsMin: 5 });
  let state = detector.zero();
  return events.flatMap((event) => {
    state = JSON.parse(JSON.stringify(state));
    const verdict = detector.test(state, detector.value(event)!, { event, eventTimeMs: Date.parse(event.timestamp) });
    return verdict === null ? [] : [`${Date.parse(event.timestamp) / 1_000} ${event.user_id} ${verdict.value}`];
  });
}

Deno.test("a flood is one user's messages in ten seconds, told once while it goes on", () => {
  const steady = (user: string, from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => says(from + i, user));
  assert.deepEqual(floods(steady("ann", 0, 40)), ["4 ann 5"], "it goes on from slot to slot");
  assert.deepEqual(floods([...steady("ann", 0, 8), ...steady("ann", 30, 38)]), ["4 ann 5", "34 ann 5"]);
  const many = Array.from({ length: 40 }, (_, i) => says(i % 10, `user ${i}`));
  assert.deepEqual(floods(many), [], "many people are no flood");
  assert.deepEqual(floods([...steady("ann", 7, 10), ...steady("ann", 10, 13)]), [], "three in each slot");
});
