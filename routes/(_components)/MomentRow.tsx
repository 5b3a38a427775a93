import { formatDateTime, formatRelative, formatShort, formatTimes, formatValue } from "../(_lib)/format.ts";
import type { MergedMoment } from "../(_lib)/merged_moments.ts";
import type { MomentContext } from "../(_lib)/moment_shelf.ts";

const EMOTES_SHOWN_MAX = 3;
const CURRENCIES_SHOWN_MAX = 2;

/** One moment: where, what, how strong, and what viewers and money did around it. */
export function MomentRow({ moment }: { readonly moment: MergedMoment }) {
  const { key, members, startMs, endMs, intensity, context } = moment;
  const kinds = [...new Set(members.map(({ kind }) => kind.replaceAll("_", " ")))];
  const emotes = members.find((member) => member.emotes.length > 0)?.emotes ?? [];
  return (
    <li class="moment">
      <svg class="moment-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 1.5 9.9 6l4.8.4-3.7 3.1 1.2 4.7L8 11.6l-4.2 2.6L5 9.5 1.3 6.4 6.1 6Z" />
      </svg>
      <div class="moment-text">
        <p class="anomaly-title">
          <b>{key}</b> {kinds.map((kind) => <span class="moment-kind" key={kind}>{kind}</span>)}
        </p>
        {members.map(({ id, metric, explanation }) => (
          <p class="anomaly-why" key={id}>{metric.replaceAll("_", " ")}: {explanation}</p>
        ))}
        {emotes.length > 0 && (
          <p class="moment-emotes">
            {emotes.slice(0, EMOTES_SHOWN_MAX).map(({ emote, count }) => (
              <span key={emote}>
                <b>{emote}</b> <span class="number">{formatShort(count)}</span>
              </span>
            ))}
          </p>
        )}
      </div>
      <Around context={context} />
      <p class="anomaly-value">
        <b class="number" title="value by what was usual">{formatTimes(intensity)}</b>
        <span>intensity</span>
      </p>
      <p class="anomaly-time number">
        <time dateTime={new Date(startMs).toISOString()}>{formatDateTime(startMs)}</time>
        <span>{`for ${Math.round((endMs - startMs) / 1_000)} s`}</span>
      </p>
    </li>
  );
}

/** Viewers and revenue, before and after. */
function Around({ context }: { readonly context: MomentContext | null }) {
  const { viewersBefore = null, viewersAfter = null, revenueBefore = {}, revenueAfter = {} } = context ?? {};
  const currencies = [...new Set([...Object.keys(revenueBefore), ...Object.keys(revenueAfter)])].sort();
  const change = viewersBefore === null || viewersAfter === null ? "" : formatRelative(viewersAfter, viewersBefore);
  return (
    <dl class="moment-around">
      <div>
        <dt>Viewers</dt>
        <dd class="number">{formatShort(viewersBefore)} → {formatShort(viewersAfter)} {change}</dd>
      </div>
      {currencies.slice(0, CURRENCIES_SHOWN_MAX).map((currency) => (
        <div key={currency}>
          <dt>{currency}</dt>
          <dd class="number">
            {formatValue(Number(revenueBefore[currency] ?? 0))} → {formatValue(Number(revenueAfter[currency] ?? 0))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
