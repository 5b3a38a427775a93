/**
 * The newest rows of a pipeline, or of any table or view: `/api/v1/chat?key=demo_stream&from=…&to=…&limit=100`.
 * @module
 */
import { HttpError } from "fresh";
import { formatTime } from "../../../core/time.ts";
import { parseRowsRequest } from "../../(_lib)/api_rows.ts";
import { define } from "../../(_lib)/define.ts";

/** `{"pipeline":"chat","table":"chat_summary_minute","rows":[{…}]}`, ascending; times are ISO 8601 UTC. */
export const handler = define.handlers({
  async GET({ params, url, state: { services }, json }) {
    const headers = { "cache-control": "no-store" };
    if (services === undefined) throw new HttpError(503, "The stores are still opening");
    const name = params["pipeline"] ?? "";
    const pipeline = services.pipelines.find((one) => one.name === name);
    const table = pipeline?.table ?? name;
    const known = await services.store.tables();
    if (!known.some((one) => one.table === table)) {
      const names = [...services.pipelines.map((one) => one.name), ...known.map((one) => one.table)];
      throw new HttpError(404, `There is no pipeline, table or view "${name}"; there are ${names.join(", ")}`);
    }
    const request = parseRowsRequest(url.searchParams);
    if (typeof request === "string") throw new HttpError(400, `Cannot read ${name}: ${request}`);
    const { columns, rows } = await services.store.query({
      table,
      ...(pipeline !== undefined && { where: pipeline.constants }),
      ...request,
    });
    const shown = rows.map((row) =>
      Object.fromEntries(columns.map(({ name, type }, i) => {
        const value = row[i];
        return [name, type === "timestamptz" && typeof value === "number" ? formatTime(value) : value];
      }))
    );
    return json({ pipeline: pipeline?.name ?? null, table, rows: shown }, { headers });
  },
});
