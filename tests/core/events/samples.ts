/**
 * One event of each topic that fits its contract.
 * @module
 */
const base = { event_id: "e1", timestamp: "2024-01-01T00:00:00.000Z", source: "test" };
const bar = { open: "1.00", high: "3.00", low: "0.50", close: "2.00", volume: "100" };

/** By topic. */
export const sampleEvents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "events.chat": { ...base, stream_id: "s", user_id: "u", username: "U", message: "hi Kappa", emotes: ["Kappa"] },
  "events.viewer": { ...base, stream_id: "s", viewer_count: 12 },
  "events.transactions": { ...base, stream_id: "s", user_id: "u", type: "bits", amount: "100", currency: "BITS" },
  "events.stream_meta": { ...base, stream_id: "s", title: "T", category: "C", language: "en", tags: ["a"] },
  "events.removals": { ...base, stream_id: "s", kind: "user", target_user_id: "u", ban_duration_sec: 10 },
  "events.raids": { ...base, stream_id: "s", from_stream_id: "other", viewer_count: 120 },
  "market.trades": { ...base, symbol: "BTCUSDT", trade_id: 1, price: "1.5", size: "2", side: "buy" },
  "market.bars": { ...base, symbol: "AAPL", interval: "1d", ...bar },
  "watch.sessions": {
    ...base,
    user_id: "u",
    show_name: "S",
    watch_duration_minutes: 12.5,
    watch_date: "2024-01-01",
    show_duration_minutes: 30,
  },
  "quality": { ...base, topic: "events.chat", rows: 2, weight: 10, weight_passed: 9, failed: { clock_skew: 1 } },
};
