/**
 * Parser of IRC messages with IRCv3 tags, in the dialect that Twitch's clients read: `@tags :prefix COMMAND params`.
 * @module
 */

/** Who sent a message; parts that the prefix does not name are empty. */
export interface IrcPrefix {
  readonly nickname: string;
  readonly username: string;
  /** Also the name of a server. */
  readonly host: string;
}

/** A parsed message. */
export interface IrcMessage {
  /** Unescaped values by key; null for a tag without `=`. */
  readonly tags: ReadonlyMap<string, string | null>;
  /** Absent where the line has none. */
  readonly prefix?: IrcPrefix;
  /** As written: `PRIVMSG`, `432`. */
  readonly command: string;
  /** The last one may hold spaces; two spaces in a row make an empty one. */
  readonly params: readonly string[];
}

const NO_TAGS: ReadonlyMap<string, string | null> = new Map();

/** Parses one line without its line break; undefined when there is no command in it. */
export function parseIrc(line: string): IrcMessage | undefined {
  let at = 0;
  let tags = NO_TAGS;
  let prefix: IrcPrefix | undefined;
  if (line.charCodeAt(at) === CODE_AT) {
    const end = wordEnd(line, at);
    tags = parseTags(line, at + 1, end);
    at = end + 1;
  }
  if (line.charCodeAt(at) === CODE_COLON) {
    const end = wordEnd(line, at);
    prefix = parsePrefix(line.slice(at + 1, end));
    at = end + 1;
  }
  const end = wordEnd(line, at);
  const command = line.slice(at, end);
  if (command === "") return undefined;
  const params = end < line.length ? parseParams(line, end + 1) : [];
  return prefix === undefined ? { tags, command, params } : { tags, prefix, command, params };
}

const CODE_AT = 64;
const CODE_COLON = 58;

function wordEnd(line: string, at: number): number {
  const space = line.indexOf(" ", at);
  return space < 0 ? line.length : space;
}

function parseParams(line: string, start: number): string[] {
  const params: string[] = [];
  for (let at = start;;) {
    if (line.charCodeAt(at) === CODE_COLON) {
      params.push(line.slice(at + 1));
      return params;
    }
    const end = wordEnd(line, at);
    params.push(line.slice(at, end));
    if (end >= line.length) return params;
    at = end + 1;
  }
}

function parsePrefix(text: string): IrcPrefix {
  const [first = "", second, ...rest] = text.split(/[!@]/);
  if (second === undefined) return { nickname: "", username: "", host: first };
  // Twitch sends `nick@host` now and then.
  const [host] = rest;
  return host === undefined
    ? { nickname: first, username: "", host: second }
    : { nickname: first, username: second, host };
}

function parseTags(line: string, start: number, end: number): ReadonlyMap<string, string | null> {
  const tags = new Map<string, string | null>();
  for (let at = start; at < end;) {
    let stop = line.indexOf(";", at);
    if (stop < 0 || stop > end) stop = end;
    const equals = line.indexOf("=", at);
    if (equals < 0 || equals >= stop) tags.set(line.slice(at, stop), null);
    else tags.set(line.slice(at, equals), unescapeTag(line.slice(equals + 1, stop)));
    at = stop + 1;
  }
  return tags;
}

/**
 * Undoes the escapes of a tag's value: `\s` space, `\:` semicolon, `\\` backslash; `\r` and `\n` vanish, an unknown
 * escape stays, a lone backslash at the end goes, and so does space around the value.
 *
 * One replacement after the other, not one pass: this is how Twitch's clients read tags (and what the parser vectors
 * ask for), and differs from IRCv3's own words only where an escaped backslash is followed by s, n, r or a colon, and
 * in dropping line breaks, which have no place in a one-line field.
 */
export function unescapeTag(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw
    .replaceAll("\\s", " ")
    .replace(/\\[nr]/g, "")
    .replaceAll("\\:", ";")
    .replaceAll("\\\\", "\\")
    .replace(/\\$/, "")
    .trim();
}
