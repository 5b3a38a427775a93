import type { AnomalyItem } from "../(_lib)/anomaly_shelf.ts";
import { formatDateTime, formatRelative, formatValue } from "../(_lib)/format.ts";

/** One anomaly: which way, how far, what it means. */
export function AnomalyRow({ item }: { readonly item: AnomalyItem }) {
  const isUp = item.value >= item.baseline;
  const isRetracted = item.status === "retracted";
  return (
    <li class={`anomaly ${isRetracted ? "is-retracted" : isUp ? "is-up" : "is-down"}`}>
      <svg class="anomaly-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {isRetracted
          ? <path d="M3.5 3.5l9 9m0-9l-9 9" class="stroked" />
          : <path d={isUp ? "M8 2.5 14.5 13h-13Z" : "M8 13.5 1.5 3h13Z"} />}
      </svg>
      <div class="anomaly-text">
        <p class="anomaly-title">
          <b>{item.key}</b> <span>{item.metric.replaceAll("_", " ")}</span>
          <span class="anomaly-status">{isRetracted ? "Retracted" : isUp ? "Above usual" : "Below usual"}</span>
        </p>
        <p class="anomaly-why">{item.explanation}</p>
      </div>
      <p class="anomaly-value">
        <b class="number">{formatValue(item.value)}</b>
        {item.value !== item.baseline && (
          <span class="number" title="against what was to be expected">
            {formatRelative(item.value, item.baseline)}
          </span>
        )}
      </p>
      <time class="anomaly-time number" dateTime={new Date(item.timeMs).toISOString()}>
        {formatDateTime(item.timeMs)}
      </time>
    </li>
  );
}
