/// <reference lib="dom" />
import { signal } from "@preact/signals";
import { parse } from "devalue";
import { type ComponentType, type ContainerNode, h, hydrate } from "preact";

/** Props of an island as they come off the wire. */
export type IslandProps = Record<string, unknown>;

/**
 * Makes the nodes between two comments look like a parent to preact, so that an island needs no element around it.
 * Written for what preact 10 calls on a container.
 */
function rangeRoot(start: Comment, end: Comment): ContainerNode {
  const parent = start.parentNode as ParentNode & Element;
  const childNodes: ChildNode[] = [];
  for (let node = start.nextSibling; node !== null && node !== end; node = node.nextSibling) childNodes.push(node);
  const root = {
    nodeType: 1,
    namespaceURI: parent.namespaceURI,
    parentNode: parent,
    firstChild: childNodes[0] ?? null,
    childNodes,
    contains: (node: Node) => parent.contains(node),
    insertBefore: (node: Node, before: Node | null) => parent.insertBefore(node, before ?? end),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
  };
  return root as unknown as ContainerNode;
}

/** Revives each island between its markers; called by the one inline script of a page with islands. */
export function boot(components: ComponentType<IslandProps>[], serialized: string): void {
  const allProps = parse(serialized, { Signal: ([value]: [unknown]) => signal(value) }) as IslandProps[];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  const islands: [Comment, Comment, ComponentType<IslandProps>, IslandProps][] = [];
  let open: { start: Comment; component: number; props: number } | null = null;
  // Collected first, hydrated after: hydration moves nodes under the walker.
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    const match = /^fresh:(\d+):(\d+)$/.exec(comment.data);
    if (match !== null) open = { start: comment, component: Number(match[1]), props: Number(match[2]) };
    else if (comment.data === "/fresh" && open !== null) {
      const component = components[open.component];
      const props = allProps[open.props];
      if (component !== undefined && props !== undefined) islands.push([open.start, comment, component, props]);
      open = null;
    }
  }
  for (const [start, end, component, props] of islands) hydrate(h(component, props), rangeRoot(start, end));
}
