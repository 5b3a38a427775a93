const SIGNAL = Symbol.for("preact-signals"); // the brand by which copies of the library know each other's signals

interface SignalLike {
  peek(): unknown;
}

function isSignal(value: unknown): value is SignalLike {
  return typeof value === "object" && value !== null && "brand" in value && value.brand === SIGNAL;
}

/** Vnodes are plain objects on purpose without a constructor; nothing in props looks the same. */
function isVNode(value: unknown): boolean {
  return typeof value === "object" && value !== null && value.constructor === undefined && "__v" in value;
}

/** Refuses what cannot travel; the messages reach the `_error` page. */
function refuse(value: unknown): false {
  if (typeof value === "function") throw new TypeError("Serializing functions is not supported.");
  if (!isSignal(value) && isVNode(value)) throw new TypeError("Serializing JSX is not supported.");
  return false;
}

/** Serializes the props of all islands of a page in one go, so that what they share stays shared. */
export async function serializeProps(props: readonly Record<string, unknown>[]): Promise<string> {
  const { stringify } = await import("devalue");
  return stringify(props, {
    Refused: refuse,
    Signal: (value: unknown) => isSignal(value) && [value.peek()],
  });
}
