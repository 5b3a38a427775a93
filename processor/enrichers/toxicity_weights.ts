/**
 * The weights that this version was trained with, imported statically, so that `deno run` and `deno compile` see them.
 * @module
 */
import headsText from "../models/toxicity/heads.br.b64" with { type: "text" };
import model from "../models/toxicity/model.json" with { type: "json" };
import type { ToxicitySpec } from "./toxicity_model.ts";

/** The weights of the heads, packed. */
export { headsText };

/** All else about the model. */
export const spec: ToxicitySpec = model;
