/**
 * Numbers and times for people. One fixed locale and UTC: the server and the browser must write the same text, or the
 * first client render would not equal the server's.
 * @module
 */

/** What stands where there is no number. */
export const NOTHING = "—";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const small = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const change = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});

type MaybeNumber = number | null | undefined;

const written = (value: MaybeNumber, format: (value: number) => string): string =>
  value === null || value === undefined || !Number.isFinite(value) ? NOTHING : format(value);

/** `12,345`. */
export const formatCount = (value: MaybeNumber): string => written(value, (n) => whole.format(n));

/** `12,345`, from a million on `1.23M`: for places of one size. */
export const formatShort = (value: MaybeNumber): string =>
  written(value, (n) => (Math.abs(n) < 1_000_000 ? whole : compact).format(n));

/** `61,837.63`; below 1 five significant digits. */
export const formatPrice = (value: MaybeNumber): string =>
  written(value, (n) => (Math.abs(n) >= 1 || n === 0 ? money : small).format(n));

/** Any measured value in at most six significant digits. */
export const formatValue = (value: MaybeNumber): string => written(value, (n) => short.format(n));

/** `+220%` of `value` against `baseline`; nothing where the baseline is 0. */
export const formatRelative = (value: number, baseline: number): string =>
  written(baseline === 0 ? null : (value - baseline) / Math.abs(baseline), (n) => {
    // Beyond ten times a factor reads better than a percentage, and below a tenth of a percent 0% would be a lie.
    if (Math.abs(n) >= 10) return `×${short.format(Number((value / baseline).toPrecision(2)))}`;
    return (Math.abs(n) < 0.1 ? change : percent).format(n);
  });

/** `×5.6`: a value by what was usual. */
export const formatTimes = (factor: MaybeNumber): string =>
  written(factor, (n) => `×${short.format(Number(n.toPrecision(2)))}`);

/** `+0.42%` from one price to another. */
export const formatChange = (from: MaybeNumber, to: MaybeNumber): string =>
  written(!from || to === null || to === undefined ? null : to / from - 1, (n) => change.format(n));

/** `23:54:00`, UTC. */
export const formatClock = (timeMs: MaybeNumber): string =>
  written(timeMs, (ms) => new Date(ms).toISOString().slice(11, 19));

/** `23:54`, UTC. */
export const formatMinute = (timeMs: MaybeNumber): string => formatClock(timeMs).slice(0, 5);

/** `2024-08-08 23:54:00`, UTC. */
export const formatDateTime = (timeMs: MaybeNumber): string =>
  written(timeMs, (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " "));

/** `12 s`, `3 min`, `2 h`. */
export function formatAge(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
