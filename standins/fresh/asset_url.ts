/** Query parameter that carries the build id. */
export const BUILD_PARAM = "__frsh_c";

/** Adds the base path and the build id to a path of static/; other URLs stay as they are. */
export function assetUrl(path: string, buildId: string, basePath: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  const [beforeHash = "", ...hash] = path.split("#");
  if (new RegExp(`[?&]${BUILD_PARAM}=`).test(beforeHash)) return path;
  const separator = beforeHash.includes("?") ? "&" : "?";
  const end = hash.length > 0 ? `#${hash.join("#")}` : "";
  return `${basePath}${beforeHash}${separator}${BUILD_PARAM}=${encodeURIComponent(buildId)}${end}`;
}
