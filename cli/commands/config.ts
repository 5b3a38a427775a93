/**
 * `config`: what is chosen and why, secrets masked, and everything that is wrong with it.
 * @module
 */
import { storeChoices } from "../../adapters/mod.ts";
import { exitCodes } from "../../core/errors.ts";
import { parseCall, readConfig } from "../arguments.ts";
import { print, say } from "../terminal.ts";

/** Runs the command; exit code. */
export function config(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "config", options: { json: "boolean" } });
  const { config, settings, faults } = readConfig(call);
  const stores = Object.fromEntries(storeChoices(config).map(({ store, choice }) => [store, choice]));
  if (call.has("json")) {
    print(JSON.stringify({ dataDir: config.dataDir, stores, settings, faults }));
  } else {
    const width = Math.max(...settings.map(({ variable }) => variable.length));
    for (const { variable, value, origin, about } of settings) {
      print(`${variable.padEnd(width)}  ${value}  (${origin}; ${about})`);
    }
    print("");
    for (const [store, choice] of Object.entries(stores)) print(`${store.padEnd(width)}  ${choice}`);
  }
  for (const { variable, value, expected } of faults) {
    say(`error: ${variable} is "${value}"`);
    say(`  fix: set it to ${expected}`);
  }
  return Promise.resolve(faults.length > 0 ? exitCodes.usage : 0);
}
