import type { Snapshot } from "./snapshot.ts";

const PATH = "/_fresh/reload";
const RETRY_MS = 300;

// The stream stays open as long as this process; the process that `deno run --watch` starts next has another id.
const SCRIPT = `let id;const source=new EventSource("${PATH}");` +
  `source.onmessage=(e)=>{if(id!==undefined&&id!==e.data)location.reload();id=e.data};`;

/** Reloads open pages when the development server was started anew. */
export function liveReload(): Snapshot["reload"] {
  const id = crypto.randomUUID();
  return {
    script: SCRIPT,
    answer(req) {
      if (new URL(req.url).pathname !== PATH) return null;
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(`retry: ${RETRY_MS}\ndata: ${id}\n\n`)),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
    },
  };
}
