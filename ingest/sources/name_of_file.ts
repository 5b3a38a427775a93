/**
 * Values that come from a file's name: `@name` is the name without its endings, `@name:daily_*` what stands for the star.
 * @module
 */
import { UserError } from "../../core/errors.ts";

/**
 * The value itself, or the part of the file's name that it stands for.
 *
 * @throws {UserError} when the name does not fit the pattern.
 */
export function nameOfFile(value: string, fileName: string): string {
  if (value !== "@name" && !value.startsWith("@name:")) return value;
  const name = fileName.replace(/\.(gz|zst|zstd)$/i, "").replace(/\.[A-Za-z]\w*$/, "");
  if (value === "@name") return name;
  const [before = "", after = ""] = value.slice("@name:".length).split("*");
  if (
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
  ) return name.slice(before.length, name.length - after.length);
  throw new UserError("usage", {
    cause: `Cannot take "${value}" from the file's name: ${name} does not fit`,
    fix: "write the name without its endings, with one * for the part that is wanted",
  });
}
