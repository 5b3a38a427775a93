import type { ComponentChildren } from "preact";
import { formatClock, formatPrice, formatShort, formatValue, NOTHING } from "../routes/(_lib)/format.ts";
import type { LiveStatus } from "../routes/(_lib)/live_store.ts";
import type { SeriesSet } from "../routes/(_lib)/series.ts";
import type { ShownTile, TileSeed } from "../routes/(_lib)/tile_shelf.ts";
import { type Tiles, tilesOf } from "../routes/(_lib)/tiles.ts";
import { useLive } from "../routes/(_lib)/use_live.ts";

interface StatTilesProps {
  lastId: string | null;
  chat: SeriesSet;
  candles1s: SeriesSet;
  candles1m: SeriesSet;
  status: LiveStatus | null;
  tiles: readonly TileSeed[];
}

/** The overview's numbers. */
export default function StatTiles(props: StatTilesProps) {
  const { lastId, chat, candles1s, candles1m, status, tiles: seeds } = props;
  const { store, connection } = useLive({
    lastId,
    fill: (store) => {
      store.chat.putSet(chat);
      store.candles1s.putSet(candles1s);
      store.candles1m.putSet(candles1m);
      store.tiles.putSeeds(seeds);
      store.status ??= status;
    },
  });
  const tiles = tilesOf(store);
  const isOld = ["stale", "reconnecting", "paused"].includes(connection.phase);
  const own = store.tiles.shown();
  const age = isOld ? "is-old" : "";
  return (
    <>
      <dl class={`tiles ${age}`}>
        <Tile name="Messages in a minute" value={formatShort(tiles.messages)} note={noteOfMessages(tiles)} />
        <Tile name="Active streams" value={formatShort(tiles.streams)} note="in that minute" />
        <div class="tile">
          <dt>Last prices</dt>
          {tiles.prices.length === 0 && <dd class="tile-value number">{NOTHING}</dd>}
          {tiles.prices.map(({ symbol, price }) => (
            <dd key={symbol} class="tile-price">
              <span>{symbol}</span> <b class="number">{formatPrice(price)}</b>
            </dd>
          ))}
        </div>
        <Tile name="Anomalies" value={formatShort(tiles.anomalies)} note="in the last hour" />
        <Tile name="Records behind" value={formatShort(tiles.lagRecords)} note={noteOfSources(tiles)} />
      </dl>
      {own.length > 0 && (
        <dl class={`tiles more-tiles ${age}`}>
          {own.map((tile) => <Tile key={tile.name} name={tile.title} value={valueOf(tile)} note={noteOfTile(tile)} />)}
        </dl>
      )}
    </>
  );
}

interface TileProps {
  name: string;
  value: string;
  note: ComponentChildren;
}

function Tile({ name, value, note }: TileProps) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd class="tile-value number">{value}</dd>
      <dd class="tile-note">{note}</dd>
    </div>
  );
}

function noteOfMessages({ messagesToMs }: Tiles): string {
  return messagesToMs === null ? "no complete window yet" : `to ${formatClock(messagesToMs)} UTC`;
}

const valueOf = ({ value }: ShownTile): string =>
  value !== null && Number.isInteger(value) ? formatShort(value) : formatValue(value);

function noteOfTile({ value, keys, toMs }: ShownTile): string {
  if (value === null) return "nothing yet";
  return toMs === null ? `newest of ${keys}` : `of ${keys}, to ${formatClock(toMs)} UTC`;
}

function noteOfSources({ sources }: Tiles): string {
  if (sources === null) return "lag of the processor";
  const failed = sources.failed > 0 ? `, ${sources.failed} failed` : "";
  return `${sources.live} of ${sources.all} sources live${failed}`;
}
