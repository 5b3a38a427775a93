import { page } from "fresh";
import { Head } from "fresh/runtime";
import AnomalyList from "../islands/AnomalyList.tsx";
import ChatRate from "../islands/ChatRate.tsx";
import MomentList from "../islands/MomentList.tsx";
import Price from "../islands/Price.tsx";
import StatTiles from "../islands/StatTiles.tsx";
import { define } from "./(_lib)/define.ts";
import { readOverview } from "./(_lib)/overview.ts";

/** Reads the first data; the URL chooses the symbol. */
export const handler = define.handlers({
  GET: async ({ state }) => page(await readOverview(state.services), { headers: { "cache-control": "no-store" } }),
});

/** The overview: numbers, messages, prices, moments, anomalies. */
export default define.page<typeof handler>(({ data, url }) => {
  const { isOpening, lastId, chat, candles1s, candles1m, anomalies, moments, status, tiles } = data;
  return (
    <>
      <Head>
        <title>Overview · Tidemark</title>
      </Head>
      <h1 class="visually-hidden">Overview</h1>
      <StatTiles
        lastId={lastId}
        chat={chat}
        candles1s={candles1s}
        candles1m={candles1m}
        status={status}
        tiles={tiles}
      />
      <div class="charts">
        <ChatRate isOpening={isOpening} lastId={lastId} chat={chat} />
        <Price
          isOpening={isOpening}
          lastId={lastId}
          candles1s={candles1s}
          candles1m={candles1m}
          symbol={url.searchParams.get("symbol")}
        />
      </div>
      <MomentList isOpening={isOpening} lastId={lastId} items={moments} />
      <AnomalyList isOpening={isOpening} lastId={lastId} items={anomalies} />
      <noscript>
        <p class="notice">Charts and live updates need JavaScript; the numbers above are those of this moment.</p>
      </noscript>
    </>
  );
});
