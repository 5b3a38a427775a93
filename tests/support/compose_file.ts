/**
 * compose.yaml as Compose understands it: anchors merged, `${…}` put in, and of the form that this project uses. What the
 * model does not know is refused, so that a mistyped name does not pass as one.
 * @module
 */
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "./tidemark.ts";

const duration = z.string().regex(/^\d+(ms|s|m)$/);
const words = z.array(z.string().min(1)).min(1);

const service = z.strictObject({
  build: z.literal(".").optional(),
  image: z.string(),
  pull_policy: z.literal("build").optional(),
  init: z.boolean().optional(),
  restart: z.enum(["no", "always", "on-failure", "unless-stopped"]),
  stop_grace_period: duration.optional(),
  profiles: words.optional(),
  // Strings only: YAML reads a bare yes, no, on or 8000 as something else.
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  command: words.optional(),
  ports: z.array(z.string().regex(/^[\d.]+:\d+:\d+$/)).optional(),
  volumes: z.array(z.string().regex(/^([a-z]+:)?\/[\w/]+$/)).optional(),
  depends_on: z.record(
    z.string(),
    z.strictObject({ condition: z.enum(["service_started", "service_healthy"]) }),
  ).optional(),
  healthcheck: z.strictObject({
    test: z.tuple([z.enum(["CMD", "CMD-SHELL"])], z.string()).refine((test) => test.length > 1),
    interval: duration,
    timeout: duration,
    retries: z.int().min(1),
    start_period: duration.optional(),
  }).optional(),
});

const file = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_-]*$/),
  "x-service": z.unknown(),
  services: z.record(z.string().regex(/^[a-z]+$/), service),
  volumes: z.record(z.string(), z.null()),
});

/** A service as it is declared. */
export type ComposeService = z.infer<typeof service>;
/** The file. */
export type ComposeFile = z.infer<typeof file>;

/** Text of compose.yaml. */
export const composeText = (): Promise<string> => Deno.readTextFile(`${projectRoot}compose.yaml`);

/**
 * Puts variables in as Compose does: `${NAME}`, `${NAME:-default}`, `${NAME:?why}`.
 *
 * @throws {Error} for a demanded variable that is not given, and for a form that is none of these.
 */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\{([^}]*)\}|.)/g, (whole, _, inner: string | undefined) => {
    const [, name, operator, rest = ""] = /^([A-Z][A-Z0-9_]*)(?:(:-|:\?)(.*))?$/.exec(inner ?? "") ?? [];
    if (name === undefined) throw new Error(`Cannot put ${whole} in: it is no form of a variable`);
    const value = variables[name];
    if (value) return value;
    if (operator === ":?") throw new Error(`Cannot start: ${name} is not set: ${rest}`);
    return rest;
  });
}

/** The file with these variables of the caller's environment. */
export function parseCompose(text: string, variables: Readonly<Record<string, string>>): ComposeFile {
  // As Compose does: in the values, after the text was parsed.
  const put = (value: unknown): unknown => {
    if (typeof value === "string") return interpolate(value, variables);
    if (Array.isArray(value)) return value.map(put);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, put(inner)]));
  };
  return file.parse(put(parse(text, { merge: true, strict: true, uniqueKeys: true })));
}
