/**
 * The pipelines under test in the reference's words.
 * @module
 */
import type { ReferenceEvent, ReferencePipeline } from "../support/reference.ts";
import { centsOf, decimalOf, shapeOf } from "./pipelines.ts";

const text = (name: string) => ({ value }: ReferenceEvent) => value[name] as string;

const usersOf = (events: readonly ReferenceEvent[]): number => new Set(events.map(text("user_id"))).size;

function emotesOf(events: readonly ReferenceEvent[]): unknown {
  const times = new Map<string, number>();
  for (const { value } of events) {
    for (const emote of value.emotes as string[]) times.set(emote, (times.get(emote) ?? 0) + 1);
  }
  // The names are ASCII: their order by units is that of code points.
  const ranked = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked.slice(0, 2).map(([emote, n]) => ({ emote, count: n }));
}

const canScore = (event: ReferenceEvent): boolean =>
  text("user_id")(event) !== "user 3" && text("amount")(event) !== "0.13";

/** What the enricher could score. */
const scoredOf = (events: readonly ReferenceEvent[]): number[] =>
  events.filter(canScore).map((event) => centsOf(text("amount")(event)));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Population standard deviation by the mean of squared distances; null without values. */
function spreadOf(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const mean = sumOf(values) / values.length;
  const variance = sumOf(values.map((value) => (value - mean) ** 2)) / values.length;
  return String(Number(Math.sqrt(variance).toFixed(3)));
}

function latestOf(events: readonly ReferenceEvent[]): string {
  const id = (event: ReferenceEvent) => Number(event.value.event_id);
  const inTime = [...events].sort((a, b) => a.timeMs - b.timeMs || id(a) - id(b));
  return decimalOf(centsOf(text("amount")(inTime.at(-1)!)));
}

/** The pipelines of a variant, in a version. */
export function referencePipelinesOf(variant: number, version: number): readonly ReferencePipeline[] {
  const shape = shapeOf(variant, version);
  return [
    {
      name: "wide",
      window: { sizeMs: 60_000, slideMs: 25_000 },
      outOfOrdernessMs: 5_000,
      allowedLatenessMs: shape.wideLatenessMs,
      canScore,
      values: (events) => {
        const scored = scoredOf(events);
        const cents = sumOf(scored);
        return [events.length, usersOf(events), emotesOf(events), String(cents), spreadOf(scored), 2 * cents];
      },
    },
    {
      name: "tight",
      window: { sizeMs: shape.tightSizeMs, slideMs: shape.tightSizeMs },
      outOfOrdernessMs: shape.tightDisorderMs,
      allowedLatenessMs: shape.tightLatenessMs,
      detectorKeysMax: 2,
      values: (events) => [
        events.length,
        decimalOf(sumOf(events.map((event) => centsOf(text("amount")(event))))),
        latestOf(events),
      ],
    },
    {
      name: "visits",
      window: { gapMs: shape.gapMs },
      outOfOrdernessMs: 3_000,
      allowedLatenessMs: shape.visitsLatenessMs,
      values: (events) => [events.length, usersOf(events)],
    },
  ];
}
