/**
 * The development entry: `dev` with the dashboard built in memory, or `build`, which writes it to _fresh/.
 * @module
 */
import { Builder } from "fresh/dev";
import { app, run } from "./main.ts";

if (Deno.args[0] === "build") {
  await new Builder().build();
} else {
  const code = await run(["dev", ...Deno.args], async () => {
    const apply = await new Builder().build({ snapshot: "memory" });
    apply(app);
    return app.handler();
  });
  Deno.exit(code);
}
