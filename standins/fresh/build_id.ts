// The id lives in this module, not in the App: `asset()` is called from components that know no App.

let buildId = fromEnvironment() ?? crypto.randomUUID().replaceAll("-", "");
let basePath = "";

/** The platform's name for this deployment; asked for only where that cannot prompt or throw. */
function fromEnvironment(): string | undefined {
  const variable = "DENO_DEPLOYMENT_ID";
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return undefined;
  return Deno.env.get(variable) || undefined;
}

/** The id that marks the URLs of this build as immutable. */
export function getBuildId(): string {
  return buildId;
}

/** Takes the id of a build; DENO_DEPLOYMENT_ID wins over it. */
export function setBuildId(id: string): void {
  buildId = fromEnvironment() ?? id;
}

/** The path that the app is served under, without a slash at its end. */
export function getBasePath(): string {
  return basePath;
}

/** Takes the path that the app is served under. */
export function setBasePath(path: string): void {
  basePath = path;
}
