/**
 * The identity functions that give route files their types.
 * @module
 */
import { createDefine } from "fresh";
import type { State } from "./state.ts";

/** `define.page`, `define.handlers`, … for Tidemark's state. */
export const define = createDefine<State>();
