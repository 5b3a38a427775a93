/**
 * What every WindowStore must do, against the port alone: pipelines have names of their own in each test.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { StoredSlice, WindowChange, WindowState, WindowStore } from "../../core/ports.ts";

/** A store under test; disposing it closes the store and removes what it made. */
export interface WindowStoreUnderTest extends AsyncDisposable {
  readonly store: WindowStore;
  /** Closes the store and opens it on the same data; the store from before is void. */
  reopen(): Promise<WindowStore>;
}

/** Opens the store for one test. */
export type OpenWindowStore = (t: Deno.TestContext) => Promise<WindowStoreUnderTest>;

type Case = (sentence: string, body: (subject: WindowStoreUnderTest, pipeline: string) => Promise<void>) => void;

/** Registers the suite for one adapter. */
export function windowStoreContract(name: string, open: OpenWindowStore): void {
  const test: Case = (sentence, body) =>
    Deno.test(`${name}: ${sentence}`, async (t) => {
      await using subject = await open(t);
      await body(subject, `contract-${crypto.randomUUID()}`);
    });
  epochCases(test);
  commitCases(test);
  readCases(test);
  propertyCases(test);
}

const slice = (key: string, sliceStartMs: number, state = `{"n":${sliceStartMs}}`): StoredSlice => ({
  key,
  sliceStartMs,
  state,
});

/** A change of epoch 1 on nothing, with the rest as given. */
function change(rest: Partial<WindowChange> = {}): WindowChange {
  return {
    epoch: 1,
    fromOffset: null,
    nextOffset: 10,
    incarnation: "first",
    generation: 1,
    seqs: [],
    changed: [],
    dropped: [],
    ...rest,
  };
}

const order = (a: StoredSlice, b: StoredSlice) => a.sliceStartMs - b.sliceStartMs || (a.key < b.key ? -1 : 1);

/** The state with its slices in one order: the port promises none. */
function sorted(state: WindowState | null): WindowState | null {
  return state && { ...state, slices: state.slices.toSorted(order) };
}

function epochCases(test: Case): void {
  test("a claim is refused while a higher epoch is stored, and may be repeated", async ({ store }, pipeline) => {
    assert.equal(await store.claim(pipeline, 0, 2), true);
    assert.equal(await store.claim(pipeline, 0, 2), true);
    assert.equal(await store.claim(pipeline, 0, 1), false);
    assert.equal(await store.claim(pipeline, 0, 3), true);
    assert.equal(await store.claim(pipeline, 0, 2), false);
  });

  test("a claim alone loads as nothing, and one after a commit keeps the state", async ({ store }, pipeline) => {
    assert.equal(await store.load(pipeline, 0), null);
    await store.claim(pipeline, 0, 1);
    assert.equal(await store.load(pipeline, 0), null);
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0)] }));
    await store.claim(pipeline, 0, 4);
    const state = await store.load(pipeline, 0);
    assert.deepEqual([state?.epoch, state?.nextOffset, state?.slices.length], [4, 10, 1]);
  });

  test("an owner from before is fenced, with a delta and with a snapshot", async ({ store }, pipeline) => {
    await store.claim(pipeline, 0, 1);
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0)] }));
    await store.claim(pipeline, 0, 2);
    const zombie = { changed: [slice("zombie", 0)], dropped: [slice("a", 0)], nextOffset: 20 };
    assert.equal(await store.commit(pipeline, 0, change({ ...zombie, fromOffset: 10 })), "fenced");
    assert.equal(await store.commit(pipeline, 0, change({ ...zombie, fromOffset: 9 })), "fenced");
    assert.equal(await store.commit(pipeline, 0, change(zombie)), "fenced");
    const state = await store.load(pipeline, 0);
    assert.deepEqual([state?.epoch, state?.nextOffset, state?.slices], [2, 10, [slice("a", 0)]]);
  });

  test("the new owner goes on from the state of the one before", async ({ store }, pipeline) => {
    await store.claim(pipeline, 0, 1);
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0)] }));
    await store.claim(pipeline, 0, 2);
    const next = change({ epoch: 2, fromOffset: 10, nextOffset: 12, changed: [slice("b", 0)] });
    assert.equal(await store.commit(pipeline, 0, next), "committed");
    assert.deepEqual(sorted(await store.load(pipeline, 0))?.slices, [slice("a", 0), slice("b", 0)]);
  });

  test("a snapshot is accepted where nothing was claimed, and sets the epoch", async ({ store }, pipeline) => {
    assert.equal(await store.commit(pipeline, 0, change({ epoch: 5 })), "committed");
    assert.equal((await store.load(pipeline, 0))?.epoch, 5);
    assert.equal(await store.claim(pipeline, 0, 4), false);
  });
}

function commitCases(test: Case): void {
  test("a delta on another offset, or on nothing, has diverged and changes nothing", async ({ store }, pipeline) => {
    assert.equal(await store.commit(pipeline, 0, change({ fromOffset: 0 })), "diverged");
    await store.claim(pipeline, 0, 1);
    assert.equal(await store.commit(pipeline, 0, change({ fromOffset: 0 })), "diverged");
    assert.equal(await store.load(pipeline, 0), null);
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0)] }));
    for (const fromOffset of [0, 9, 11]) {
      const delta = change({ fromOffset, nextOffset: 30, changed: [slice("b", 0)] });
      assert.equal(await store.commit(pipeline, 0, delta), "diverged");
    }
    const state = await store.load(pipeline, 0);
    assert.deepEqual([state?.nextOffset, state?.slices], [10, [slice("a", 0)]]);
  });

  test("a delta changes, adds and drops slices and replaces all else", async ({ store }, pipeline) => {
    const first = change({ nextOffset: 0, seqs: [["i", 1]], changed: [slice("a", 0), slice("a", 10), slice("b", 0)] });
    assert.equal(await store.commit(pipeline, 0, first), "committed");
    const delta = change({
      fromOffset: 0,
      nextOffset: 7,
      incarnation: "second",
      generation: 2,
      seqs: [["j", 4], ["i", 9_007_199_254_740_991]],
      changed: [slice("a", 10, '{"new":"größe 😀"}'), slice("c", 20)],
      dropped: [{ key: "a", sliceStartMs: 0 }, { key: "never", sliceStartMs: 0 }],
    });
    assert.equal(await store.commit(pipeline, 0, delta), "committed");
    assert.deepEqual(sorted(await store.load(pipeline, 0)), {
      epoch: 1,
      nextOffset: 7,
      incarnation: "second",
      generation: 2,
      seqs: [["j", 4], ["i", 9_007_199_254_740_991]],
      slices: [slice("b", 0), slice("a", 10, '{"new":"größe 😀"}'), slice("c", 20)],
    });
  });

  test("a snapshot replaces the whole state, whatever the offset", async ({ store }, pipeline) => {
    await store.commit(pipeline, 0, change({ nextOffset: 50, changed: [slice("a", 0), slice("b", 0)] }));
    const snapshot = change({ nextOffset: 20, incarnation: "other", changed: [slice("b", 0, "[]"), slice("c", 0)] });
    assert.equal(await store.commit(pipeline, 0, snapshot), "committed");
    const state = sorted(await store.load(pipeline, 0));
    assert.deepEqual([state?.nextOffset, state?.incarnation], [20, "other"]);
    assert.deepEqual(state?.slices, [slice("b", 0, "[]"), slice("c", 0)]);
  });

  test("2,000 slices of 4 KB go into one commit", async ({ store }, pipeline) => {
    const text = `"${"s".repeat(4_000)}"`;
    const changed = Array.from({ length: 2_000 }, (_, i) => slice(`key${i % 100}`, Math.floor(i / 100) * 10_000, text));
    assert.equal(await store.commit(pipeline, 0, change({ changed })), "committed");
    const delta = change({ fromOffset: 10, nextOffset: 11, changed, dropped: [] });
    assert.equal(await store.commit(pipeline, 0, delta), "committed");
    assert.equal((await store.load(pipeline, 0))?.slices.length, 2_000);
  });
}

function readCases(test: Case): void {
  test("pipelines and partitions do not mix", async ({ store }, pipeline) => {
    const other = `${pipeline}:other`;
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0, '"p0"')] }));
    await store.commit(pipeline, 1, change({ epoch: 7, nextOffset: 3, changed: [slice("a", 0, '"p1"')] }));
    await store.commit(other, 0, change({ nextOffset: 4, changed: [slice("a", 0, '"other"')] }));
    await store.commit(pipeline, 0, change({ fromOffset: 10, dropped: [slice("a", 0)], changed: [slice("b", 5)] }));
    assert.deepEqual((await store.load(pipeline, 0))?.slices, [slice("b", 5)]);
    assert.deepEqual((await store.load(pipeline, 1))?.slices, [slice("a", 0, '"p1"')]);
    assert.deepEqual((await store.load(other, 0))?.slices, [slice("a", 0, '"other"')]);
    assert.equal(await store.load(other, 1), null);
  });

  test("open lists the slices of all partitions, of one key where it is given", async ({ store }, pipeline) => {
    await store.commit(pipeline, 0, change({ changed: [slice("a", 0), slice("a", 10), slice("b", 0)] }));
    await store.commit(pipeline, 2, change({ changed: [slice("c", 0)] }));
    const all = await store.open(pipeline);
    assert.deepEqual(all.toSorted(order), [slice("a", 0), slice("b", 0), slice("c", 0), slice("a", 10)]);
    assert.deepEqual((await store.open(pipeline, "a")).toSorted(order), [slice("a", 0), slice("a", 10)]);
    assert.deepEqual(await store.open(pipeline, "none"), []);
    assert.deepEqual(await store.open(`${pipeline}:none`), []);
  });

  test("keys of any text stay apart", async ({ store }, pipeline) => {
    const keys = ["", " ", "a", "a\u0000", "a\u0000b", "größe", "😀", "\uFEFFa", "a:b", "%", "*"];
    await store.commit(pipeline, 0, change({ changed: keys.map((key, i) => slice(key, 0, `"${i}"`)) }));
    for (const [i, key] of keys.entries()) {
      assert.deepEqual(await store.open(pipeline, key), [slice(key, 0, `"${i}"`)]);
    }
    await store.commit(pipeline, 0, change({ fromOffset: 10, dropped: keys.map((key) => slice(key, 0)) }));
    assert.deepEqual(await store.open(pipeline), []);
  });

  test(
    "what was committed is there after a reopen, and a newer owner is obeyed as before",
    async (subject, pipeline) => {
      await subject.store.claim(pipeline, 1, 9);
      await subject.store.commit(pipeline, 0, change({ seqs: [["i", 3]], changed: [slice("a", 0), slice("b", 0)] }));
      const before = sorted(await subject.store.load(pipeline, 0));
      const store = await subject.reopen();
      assert.deepEqual(sorted(await store.load(pipeline, 0)), before);
      assert.equal(await store.claim(pipeline, 1, 10), true);
      assert.equal(await store.claim(pipeline, 1, 9), false);
      assert.equal(await store.commit(pipeline, 0, change({ fromOffset: 10, nextOffset: 11 })), "committed");
    },
  );
}

function propertyCases(test: Case): void {
  const id = fc.record({ key: fc.constantFrom("a", "b", "c"), sliceStartMs: fc.constantFrom(0, 10, 20) });
  const step = fc.record({
    epoch: fc.integer({ min: 1, max: 4 }),
    /** What the change claims to be built on: a snapshot, the stored offset, or a wrong one. */
    base: fc.constantFrom("snapshot", "stored", "stored", "wrong"),
    advance: fc.nat(5),
    changed: fc.uniqueArray(id, { maxLength: 4, selector: (s) => `${s.key}/${s.sliceStartMs}` }),
    dropped: fc.array(id, { maxLength: 2 }),
    state: fc.json(),
  });

  test("any changes leave what a map would hold", async ({ store }, pipeline) => {
    let partition = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        partition++;
        let model: { epoch: number; nextOffset: number; slices: Map<string, StoredSlice> } | undefined;
        for (const { epoch, base, advance, changed, dropped, state } of steps) {
          const idOf = (s: { key: string; sliceStartMs: number }) => `${s.key}/${s.sliceStartMs}`;
          const stored = model?.nextOffset ?? 0;
          const fromOffset = base === "snapshot" ? null : base === "stored" ? stored : stored + 1;
          const changedIds = new Set(changed.map(idOf));
          const gone = dropped.filter((s) => !changedIds.has(idOf(s)));
          const slices = changed.map((s) => ({ ...s, state }));
          const expected = model !== undefined && model.epoch > epoch
            ? "fenced"
            : fromOffset !== null && (model === undefined || base === "wrong")
            ? "diverged"
            : "committed";
          const nextOffset = stored + advance;
          const next = change({ epoch, fromOffset, nextOffset, changed: slices, dropped: gone });
          assert.equal(await store.commit(pipeline, partition, next), expected);
          if (expected === "committed") {
            const held: Map<string, StoredSlice> = base === "snapshot" ? new Map() : model!.slices;
            for (const s of gone) held.delete(idOf(s));
            for (const s of slices) held.set(idOf(s), s);
            model = { epoch, nextOffset, slices: held };
          }
          const loaded = sorted(await store.load(pipeline, partition));
          assert.deepEqual(
            loaded && [loaded.epoch, loaded.nextOffset, loaded.slices],
            model ? [model.epoch, model.nextOffset, [...model.slices.values()].toSorted(order)] : null,
          );
        }
      }),
      { numRuns: 60 },
    );
  });
}
