import { minutes } from "../../core/time.ts";
import { distinctOfSignature } from "../metrics/hash_sample.ts";
import { detector, type MomentDetector, type ReadMetric, type WrittenName } from "./detector.ts";
import { type KnownPeople, knownPeople, newcomersOf, rememberPeople } from "./known_people.ts";
import { meanAndStdDev, type RecentWindows, rememberWindow, shown, valuesApart } from "./recent_windows.ts";

/** When people who come in are a raid. */
export interface RaidOptions<M extends string = string> {
  /** Metric with the signature of the people of a window. */
  readonly people: M;
  /** How many hashes a full signature has. */
  readonly signatureMax: number;
  /** Metric with the number of events: what is cheap to read and rises in a raid. */
  readonly events: M;
  /** How many times the usual newcomers there must be. Default 4. */
  readonly factor?: number;
  /** So many newcomers at least. Default 25. */
  readonly newcomersMin?: number;
  /** This share of the people at least is new. Default 0.6. */
  readonly newShareMin?: number;
  /** What happened, for people. */
  readonly tell?: (read: ReadMetric) => Readonly<Record<string, unknown>>;
  /** Metrics that `tell` reads. */
  readonly reads?: readonly string[];
}

interface RaidState {
  readonly known: KnownPeople;
  /** Newcomers of usual windows. */
  readonly recent: RecentWindows;
}

/** `[usual newcomers]` */
type Measure = [usual: number];

const SAMPLES_MAX = 90;
/** A quarter of an hour: before that nearly everybody is new. */
const SAMPLES_MIN = 84;
const LENGTH_MS_MAX = minutes(15);

/**
 * Raids by what the chat shows of them: many people at once who have not written here within the last half hour to hour.
 * Score = newcomers / usual newcomers.
 */
export function raid<const M extends string>(options: RaidOptions<M>): MomentDetector<WrittenName<M>> {
  const { people, signatureMax, events, factor = 4, newcomersMin = 25, newShareMin = 0.6 } = options;
  const { tell = () => ({}), reads = [] } = options;
  return detector<RaidState, Measure>({
    on: "moment",
    name: `raid(${people})`,
    metric: people,
    kind: "raid",
    parameters: { people, signatureMax, events, factor, newcomersMin, newShareMin },
    reads: [events, ...reads],
    mergeGapMs: 0,
    lengthMsMax: LENGTH_MS_MAX,
    zero: () => ({ known: knownPeople(), recent: [] }),
    baseline: ({ recent }, window) => {
      const samples = valuesApart(recent, window, SAMPLES_MAX);
      return samples.length < SAMPLES_MIN ? null : [Math.max(1, meanAndStdDev(samples).mean)];
    },
    judge: ([usual], { read, state, windowStartMs, windowEndMs }) => {
      // Cheap, and most windows end here: fewer events than newcomers are asked for.
      if (Number(read(events)) < Math.max(newcomersMin, factor * usual)) return usualWindow(usual);
      const hashes = read(people) as readonly number[];
      const newShare = newcomersOf(state.known, hashes, { windowStartMs, windowEndMs });
      const value = Math.round(newShare * distinctOfSignature(hashes, signatureMax));
      const score = value / usual;
      return {
        anomalous: value >= newcomersMin && score >= factor && newShare >= newShareMin,
        verdict: () => {
          const explanation = `${shown(value)} people who had not written here before, ${
            (newShare * 100).toFixed(0)
          } % of all, against ${shown(usual)} as a rule`;
          return { value, baseline: usual, score, explanation };
        },
      };
    },
    remember: (state, { windowStartMs, windowEndMs, read, anomalous, isCorrection }) => {
      if (isCorrection) return;
      const hashes = read(people) as readonly number[];
      rememberPeople(state.known, hashes, { windowStartMs, windowEndMs });
      if (anomalous) return;
      const newShare = newcomersOf(state.known, hashes, { windowStartMs, windowEndMs });
      const value = newShare * distinctOfSignature(hashes, signatureMax);
      rememberWindow(state.recent, { windowStartMs, windowEndMs, value }, SAMPLES_MAX);
    },
    tell,
  });
}

const usualWindow = (usual: number) => ({
  anomalous: false,
  verdict: () => ({ value: 0, baseline: usual, score: 0, explanation: "too few messages for a raid" }),
});
