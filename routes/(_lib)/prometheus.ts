/**
 * Prometheus' text format, version 0.0.4.
 * @module
 */
import type { MetricName } from "../../core/metric_names.ts";

/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A metric with its samples. */
export type Exposed = readonly [metric: MetricName, samples: readonly Sample[]];

/** The text of some metrics; one without samples is left out. */
export function exposition(metrics: readonly Exposed[]): string {
  const lines: string[] = [];
  for (const [{ name, type, help }, samples] of metrics) {
    if (samples.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { labels = {}, value } of samples) lines.push(`${name}${labelText(labels)} ${value}`);
  }
  return lines.join("\n") + "\n";
}

function labelText(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(String(value))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
