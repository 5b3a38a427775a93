import { type ComponentType, createContext, Fragment, h, options, type VNode } from "preact";
import { useContext } from "preact/hooks";
import { currentRender, type RenderState } from "./render_state.ts";
import type { Island } from "./snapshot.ts";
import { trimSlash } from "./router.ts";

type Props = Record<string, unknown>;

/** The parts of a vnode that are looked at. */
interface Node {
  type: unknown;
  props: Props;
}

// Below an island everything belongs to it: an island within an island is a plain component.
const InsideIsland = createContext(false);
const innermost = new WeakSet<object>();
// A vnode kept in a constant is rendered for many requests; each starts from what its author wrote.
const authored = new WeakMap<object, Props>();

/** Emits a comment, by the renderer's own means. */
function comment(text: string): VNode {
  return h(Fragment, { UNSTABLE_comment: text } as Props);
}

/** Stands in for an island: the same component between two markers, its props noted for the boot script. */
function IslandBoundary({ type, props, island }: { type: ComponentType<Props>; props: Props; island: Island }) {
  const nested = useContext(InsideIsland);
  const state = currentRender();
  const inner = h(type, props);
  innermost.add(inner);
  if (nested || state === null) return inner;
  if (!state.islands.includes(island)) state.islands.push(island);
  const start = comment(`fresh:${state.islands.indexOf(island)}:${state.props.push(props) - 1}`);
  return h(Fragment, null, start, h(InsideIsland.Provider, { value: true }, inner), comment("/fresh"));
}

/** True for a link to the page that is being rendered. */
function isCurrent(href: unknown, url: URL): boolean {
  if (typeof href !== "string" || href.startsWith("#") || !URL.canParse(href, url)) return false;
  const target = new URL(href, url);
  return target.origin === url.origin && trimSlash(target.pathname) === trimSlash(url.pathname);
}

function adjust(vnode: Node, state: RenderState): void {
  const { type } = vnode;
  if (typeof type === "function") {
    const island = state.known.get(type);
    if (island === undefined || innermost.has(vnode)) return;
    vnode.props = { type, props: vnode.props, island };
    vnode.type = IslandBoundary;
    return;
  }
  if (type !== "a" && type !== "script" && type !== "style") return;
  const props = authored.get(vnode) ?? vnode.props;
  authored.set(vnode, props);
  if (type !== "a") vnode.props = { nonce: state.nonce, ...props };
  else if (isCurrent(props["href"], state.url)) {
    vnode.props = { "aria-current": "page", "data-current": "true", ...props };
  } else vnode.props = props;
}

/** Hooks into preact, once: `__b` is the name under which preact 10 offers "before a vnode is rendered". */
export function installRenderHooks(): void {
  const hooks = options as { __b?: (vnode: Node) => void };
  const before = hooks.__b;
  hooks.__b = (vnode) => {
    const state = currentRender();
    if (state !== null) adjust(vnode, state);
    before?.(vnode);
  };
}
