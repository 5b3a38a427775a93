/**
 * What a screen reader is told of a list that grows.
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";

/** New ones are told together: a screen reader is not to be talked over. */
const ANNOUNCE_MS = 10_000;

/** An entry of such a list. */
export interface Announced {
  readonly id: string;
  readonly key: string;
}

/** A sentence on how many have come since the last one. */
export function useAnnouncement(
  shown: readonly Announced[],
  { isLive, one, many }: { readonly isLive: boolean; readonly one: string; readonly many: string },
): string {
  const known = useRef<Set<string> | null>(null);
  const [text, setText] = useState("");
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    if (!isLive) return;
    known.current = new Set(latest.current.map(({ id }) => id));
    const timer = setInterval(() => {
      const fresh = latest.current.filter(({ id }) => !known.current?.has(id));
      if (fresh.length === 0) return;
      known.current = new Set(latest.current.map(({ id }) => id));
      const [newest] = fresh;
      setText(`${fresh.length} new ${fresh.length === 1 ? one : many}, the latest for ${newest?.key}`);
    }, ANNOUNCE_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  return text;
}
