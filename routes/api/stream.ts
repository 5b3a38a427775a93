/**
 * The live feed as server-sent events. Query: `channels=chat,anomalies` (none = the overview's), `last_event_id`, which
 * stands for the header Last-Event-ID where a client cannot set it.
 * @module
 */
import { HttpError } from "fresh";
import { define } from "../(_lib)/define.ts";
import { isChannelName, liveHubOf } from "../(_lib)/live_hub.ts";

const CHANNELS_MAX = 20;

/** Events `snapshot`, `update`, `refresh`, `gap`, `status`, `heartbeat`; 503 while the stores open and when there are too many. */
export const handler = define.handlers({
  async GET({ req, url, state: { services } }) {
    const channels = (url.searchParams.get("channels") ?? "").split(",").map((name) => name.trim()).filter(Boolean);
    if (channels.length > CHANNELS_MAX || !channels.every(isChannelName)) {
      throw new HttpError(400, `Cannot stream: channels must be up to ${CHANNELS_MAX} names of a-z, 0-9 and _`);
    }
    if (services === undefined) return busy("The stores are still opening", 1);
    const hub = liveHubOf(services);
    await hub.ready();
    // The header is what the browser knows last; the query is what the page was rendered with.
    const lastEventId = req.headers.get("last-event-id") || url.searchParams.get("last_event_id");
    const body = hub.connect({ channels, lastEventId });
    if (body === null) return busy("Too many clients", 5);
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no", // nginx would hold events back
      },
    });
  },
});

function busy(message: string, retryAfterS: number): Response {
  const headers = { "retry-after": `${retryAfterS}`, "cache-control": "no-store" };
  return Response.json({ error: { status: 503, message } }, { status: 503, headers });
}
