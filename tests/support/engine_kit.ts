/**
 * An engine on memory ports for tests that read like a story: send events, run processors, look at the tables.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { Progress } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { tumbling, type WindowSpec } from "../../core/window.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import type { Detector } from "../../processor/detectors/mod.ts";
import { count } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import { Processor, type ProcessorOptions } from "../../processor/processor.ts";
import { ManualClock, turns } from "./manual_clock.ts";
import { memoryPorts } from "./memory_ports.ts";

/** Where event times of these tests begin: 12:00:00 UTC. */
export const noonMs = Date.UTC(2024, 0, 1, 12);

/** A chat event by its second after noon. */
export interface Sent {
  /** Seconds after noon. */
  readonly at: number;
  readonly key?: string;
  readonly user?: string;
  readonly id?: string;
  /** Fields in place of the usual ones. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A chat event as JSON value. */
export function chatValue({ at, key = "a", user = "u", id, fields }: Sent): Record<string, unknown> {
  return {
    event_id: id ?? `${key}@${at}`,
    timestamp: formatTime(noonMs + seconds(at)),
    source: "test",
    stream_id: key,
    user_id: user,
    username: user,
    message: "",
    emotes: [],
    ...fields,
  };
}

/** What a counting pipeline may differ in. */
export interface CountingOptions {
  readonly name?: string;
  readonly window?: WindowSpec;
  readonly outOfOrderness?: number;
  readonly lateness?: number;
  readonly detect?: readonly Detector[];
  readonly key?: "stream_id" | "user_id";
  readonly rekey?: boolean;
  readonly detectorKeysMax?: number;
}

/** A pipeline that counts events: 10-second windows, no patience for disorder, 20 seconds for lateness. */
export function counting(options: CountingOptions = {}): Pipeline {
  const { name = "counting", window = tumbling({ sizeMs: seconds(10) }), outOfOrderness = 0, lateness = 20 } = options;
  return pipeline({
    name,
    contract: chatEvents,
    key: options.key ?? "stream_id",
    rekey: options.rekey ?? false,
    window,
    outOfOrdernessMs: seconds(outOfOrderness),
    allowedLatenessMs: seconds(lateness),
    metrics: { events: count() },
    detect: options.detect ?? [],
    ...(options.detectorKeysMax === undefined ? {} : { detectorKeysMax: options.detectorKeysMax }),
    table: `${name}_rows`,
  });
}

/** A processor at work. */
export interface Running extends AsyncDisposable {
  readonly processor: Processor;
  /** How {@link Processor.run} ended; never rejects. */
  readonly ended: Promise<Error | null>;
  /** Waits until everything in the log is processed. */
  caughtUp(): Promise<void>;
  /** Stops it as Ctrl-C does. */
  stop(): Promise<Error | null>;
}

/** Stores, a clock, and short ways to use them. */
export class Engine {
  readonly clock: ManualClock;
  readonly ports: ReturnType<typeof memoryPorts>;
  readonly notes: string[] = [];

  private constructor(clock: ManualClock) {
    this.clock = clock;
    this.ports = memoryPorts(clock);
  }

  /** New stores with a chat topic of one partition. */
  static async open({ partitions = 1 } = {}): Promise<Engine> {
    const engine = new Engine(new ManualClock(noonMs));
    await engine.ports.log.ensureTopics([
      { topic: chatEvents.topic, partitions },
      ...Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 })),
    ]);
    return engine;
  }

  /** Appends events, or any texts. */
  async send(...values: (Sent | string)[]): Promise<void> {
    const records = values.map((value) => ({
      key: typeof value === "string" ? null : value.key ?? "a",
      value: typeof value === "string" ? value : JSON.stringify(chatValue(value)),
      instance: null,
      seq: 0,
      runId: "run",
    }));
    await this.ports.log.append({ writes: [{ topic: chatEvents.topic, records }] });
  }

  /** Starts a processor, on other ports where they are given. */
  start(
    pipelines: readonly Pipeline[],
    { ports = this.ports, ...options }: Partial<ProcessorOptions> & { ports?: EnginePorts } = {},
  ): Running {
    const onNote = (note: string) => void this.notes.push(note);
    const processor = new Processor(ports, { liveFeed: null, idleTimeoutMs: null, onNote, ...options, pipelines });
    const stopping = new AbortController();
    const ended = processor.run(stopping.signal).then(() => null, (error) => error as Error);
    const stop = () => {
      stopping.abort();
      return ended;
    };
    return {
      processor,
      ended,
      stop,
      caughtUp: () => processor.caughtUp(),
      async [Symbol.asyncDispose]() {
        await stop();
      },
    };
  }

  /** Processes everything, writes the rows of open windows where `drains` says so, and stops. */
  async process(
    pipelines: readonly Pipeline[],
    options: Partial<ProcessorOptions> & { ports?: EnginePorts; drains?: boolean } = {},
  ): Promise<void> {
    const running = this.start(pipelines, options);
    await running.caughtUp();
    if (options.drains) await running.processor.drain();
    const error = await running.stop();
    if (error !== null) throw error;
  }

  /** Rows of a counting pipeline: `a 12:00:10 3`. */
  async rows(name = "counting"): Promise<string[]> {
    const { rows } = await this.ports.summaryStore.query({ table: `${name}_rows` });
    return rows.map(([key, startMs, , events]) => `${key} ${clockText(startMs as number)} ${events}`);
  }

  /** Progress of a pipeline's partition 0. */
  async progress(name = "counting"): Promise<Progress | undefined> {
    return (await this.ports.summaryStore.progress()).find((row) => row.pipeline === name && row.partition === 0);
  }

  /** What a run counted, zeros left out: `accepted`, `counting.in`, … */
  async runCounts(): Promise<Record<string, number>> {
    const counts = await this.ports.summaryStore.runCounts("run");
    return Object.fromEntries(counts.map((c) => [c.pipeline ? `${c.pipeline}.${c.counter}` : c.counter, c.value]));
  }

  /** Lets everything that is under way come to rest. */
  async rest(): Promise<void> {
    await turns(50);
  }
}

/** `12:00:10` of a time. */
export const clockText = (timeMs: number): string => formatTime(timeMs).slice(11, 19);
