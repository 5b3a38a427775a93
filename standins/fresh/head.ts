import { type ComponentChildren, toChildArray, type VNode } from "preact";

interface HeadTag {
  /** What it takes the place of, if anything; tags with the same key are one. */
  readonly key: string | null;
  /** Finds the tag that it replaces in `_app`'s head. */
  readonly replaces: RegExp | null;
  readonly html: string;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function readTag(child: VNode<Record<string, unknown>> | string | number, render: (child: VNode) => string): HeadTag {
  if (typeof child !== "object") return { key: null, replaces: null, html: "" };
  const html = render(child);
  const ownKey = child.key === null || child.key === undefined ? null : `key:${child.key}`;
  if (child.type === "title") return { key: "title", replaces: /<title\b[^>]*>[^<]*<\/title>/i, html };
  if (child.type !== "meta") return { key: ownKey, replaces: null, html };
  for (const attribute of ["name", "property", "http-equiv", "charset"]) {
    const value = child.props[attribute] ?? child.props[attribute === "charset" ? "charSet" : attribute];
    if (typeof value !== "string") continue;
    const pair = attribute === "charset" ? "charset=" : `${attribute}="${escapeRegExp(value)}"`;
    return { key: pair, replaces: new RegExp(`<meta\\b[^>]*\\b${pair}[^>]*>`, "i"), html };
  }
  return { key: ownKey, replaces: null, html };
}

/** Merges the children of all <Head> into the head of a document; the last of a kind wins. */
export function mergeHead(
  document: string,
  heads: readonly ComponentChildren[],
  render: (child: VNode) => string,
): string {
  const tags = new Map<string, HeadTag>();
  for (const child of toChildArray([...heads])) {
    const tag = readTag(child as VNode<Record<string, unknown>> | string | number, render);
    tags.set(tag.key ?? `#${tags.size}`, tag);
  }
  const end = document.indexOf("</head>");
  if (tags.size === 0 || end === -1) return document;
  let head = document.slice(0, end);
  for (const { replaces, html } of tags.values()) {
    head = replaces?.test(head) ? head.replace(replaces, () => html) : head + html;
  }
  return head + document.slice(end);
}
