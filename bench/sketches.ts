/**
 * Whether sketches hold the errors that they state at ten million items, and what an item costs:
 * `deno task bench:sketches [ITEMS]`.
 * @module
 */
import { print } from "../cli/terminal.ts";
import { checkDistinct, checkQuantiles, checkTopK } from "../tests/support/sketch_check.ts";

const SLICES = 60;
const items = Number(Deno.args[0] ?? 10_000_000);
const percent = (share: number) => `${(share * 100).toPrecision(3)} %`;

print(`${items} items in ${SLICES} slices`);
print("| metric | error | stated | items/s | state |\n|---|---|---|---|---|");
let isHeld = true;
for (const check of [checkDistinct, checkTopK, checkQuantiles]) {
  const { metric, error, errorMax, itemsPerSecond, stateBytes } = check(items, SLICES);
  isHeld &&= error <= errorMax;
  const cells = [metric, percent(error), percent(errorMax), itemsPerSecond.toLocaleString("en"), `${stateBytes} B`];
  print(`| ${cells.join(" | ")} |`);
}
if (!isHeld) throw new Error("A stated error does not hold");
