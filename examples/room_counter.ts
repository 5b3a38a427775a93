/**
 * A source: people counters at the doors of rooms. Recorded, each line is `2024-08-08T12:00:00Z lobby 17`; live, this one
 * invents a line per room and second.
 *
 *     deno run -A examples/room_counter.ts
 */
import { formatTime, source, type ViewerEvent, viewerEvents } from "tidemark";

/** The viewers of a stream are the people in a room. */
function eventOf(line: string): ViewerEvent {
  const [timestamp, room, people] = line.trim().split(/\s+/);
  if (timestamp === undefined || room === undefined || people === undefined) throw new Error("time, room, number?");
  return {
    event_id: `${room}@${timestamp}`,
    timestamp,
    source: "room_counter",
    stream_id: room,
    viewer_count: Number(people),
  };
}

/** Source `room_counter`. */
export const roomCounter = source<ViewerEvent>({
  name: "room_counter",
  about: "people in rooms, a line each: time, room, number",
  contract: viewerEvents,
  decode: (line) => line.trim() === "" ? [] : [eventOf(line)],
  async *open({ clock, random, signal }) {
    while (!signal.aborted) {
      const time = formatTime(clock.nowMs());
      yield ["lobby", "hall"].map((room) => eventOf(`${time} ${room} ${Math.floor(20 + 10 * random.next())}`));
      await clock.sleep(1_000, signal);
    }
  },
});

if (import.meta.main) {
  const lines = ["2024-08-08T12:00:00Z lobby 17", "", "2024-08-08T12:00:01Z"];
  import("tidemark/testing").then(({ showSource }) => showSource(roomCounter, lines));
}
