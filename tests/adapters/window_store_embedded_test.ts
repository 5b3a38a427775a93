import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openEmbeddedWindowStore } from "../../adapters/window_store_embedded.ts";
import { UserError } from "../../core/errors.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { windowStoreContract } from "../contracts/window_store_contract.ts";

windowStoreContract("embedded window store", async () => {
  const dir = await Deno.makeTempDir();
  const open = () => openEmbeddedWindowStore({ path: `${dir}/windows.db` });
  const subject = {
    store: await open(),
    async reopen() {
      await subject.store[Symbol.asyncDispose]();
      return subject.store = await open();
    },
    async [Symbol.asyncDispose]() {
      await subject.store[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
  return subject;
});

/** Opens the store at `path`, stores one slice, closes it; answers the reasons of what was discarded. */
async function useStore(path: string): Promise<string[]> {
  const reasons: string[] = [];
  await using store = await openEmbeddedWindowStore({ path, onDiscard: (reason) => reasons.push(reason) });
  const change = {
    epoch: 1,
    fromOffset: null,
    nextOffset: 1,
    incarnation: "i",
    generation: 1,
    seqs: [],
    changed: [{ key: "a", sliceStartMs: 0, state: "{}" }],
    dropped: [],
  };
  assert.equal(await store.commit("p", 0, change), "committed");
  return reasons;
}

async function inFolder(body: (path: string, dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await body(`${dir}/windows.db`, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("embedded window store: a file that was deleted between runs is made anew", () =>
  inFolder(async (path) => {
    assert.deepEqual(await useStore(path), []);
    await Deno.remove(path);
    await using store = await openEmbeddedWindowStore({ path });
    assert.equal(await store.load("p", 0), null);
  }));

Deno.test("embedded window store: a damaged, foreign or other version's file is put aside with its reason", () =>
  inFolder(async (path, dir) => {
    await Deno.writeTextFile(path, "no database at all ".repeat(500));
    assert.match((await useStore(path)).join(), /not a database/);

    // A hole in the middle: the head of the file is sound.
    const bytes = await Deno.readFile(path);
    bytes.fill(0xff, 16_384);
    await Deno.writeFile(path, bytes);
    assert.match((await useStore(path)).join(), /windows\.db/);

    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version=99");
    db.close();
    assert.match((await useStore(path)).join(), /version 99/);

    await Deno.remove(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (7)");
    foreign.close();
    assert.match((await useStore(path)).join(), /another program/);
    using kept = new DatabaseSync(`${path}.corrupt-4`);
    assert.equal(kept.prepare("SELECT a FROM theirs").get()?.a, 7);

    assert.deepEqual(await useStore(path), []);
    const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).filter((n) =>
      /corrupt-\d$/.test(n)
    );
    assert.deepEqual(names.toSorted(), [1, 2, 3, 4].map((n) => `windows.db.corrupt-${n}`));
  }));

Deno.test("embedded window store: a file in use and a folder that is missing are refused with the fix", () =>
  inFolder(async (path, dir) => {
    await using _owner = await openEmbeddedWindowStore({ path });
    const refused = (pattern: RegExp) => (error: unknown) =>
      error instanceof UserError && error.code === "unavailable" && pattern.test(error.message);
    await assert.rejects(openEmbeddedWindowStore({ path }), refused(/locked/));
    await assert.rejects(openEmbeddedWindowStore({ path: `${dir}/none/w.db` }), refused(/none/));
  }));

const refusedAsFull = (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /^Cannot (open|use) \S+\/disk\/\w+\.db: .*full/);
  assert.match(error.fix, /^free space on that disk/);
  return true;
};

smallDiskTest("a full disk is told with the fix, and a good file on it is not put aside", 1_000, async (disk) => {
  await useStore(`${disk}/old.db`);
  await fillDisk(disk);
  for (const name of ["old.db", "new.db"]) {
    await assert.rejects(useStore(`${disk}/${name}`), refusedAsFull);
  }
  const database = "another";
  await assert.rejects(openEmbeddedWindowStore({ path: `${disk}/old.db`, database }), refusedAsFull);
  await Deno.remove(`${disk}/filling`);
  assert.deepEqual(await useStore(`${disk}/old.db`), []);
  await Deno.writeTextFile(`${disk}/damaged.db`, "no database");
  await fillDisk(disk);
  await assert.rejects(useStore(`${disk}/damaged.db`), refusedAsFull);
});

/** Opens the store for a database, takes part p/0 over and tells what it found there, and what was said. */
async function takeOver(path: string, database: string, epoch: number) {
  const reasons: string[] = [];
  await using store = await openEmbeddedWindowStore({ path, database, onDiscard: (reason) => reasons.push(reason) });
  assert.equal(await store.claim("p", 0, epoch), true);
  const found = await store.load("p", 0);
  assert.equal(await store.claim("p", 0, epoch - 1), false, "an older owner of this run is refused");
  return { epoch: found?.epoch ?? null, reasons };
}

Deno.test("embedded window store: windows of a database that is gone, or went back, are discarded and not in the way", () =>
  inFolder(async (path) => {
    await useStore(path);
    const first = await takeOver(path, "one", 5);
    assert.deepEqual(first, { epoch: null, reasons: [] }, "windows from before databases had names belong to none");
    {
      await using store = await openEmbeddedWindowStore({ path, database: "one" });
      const state = { incarnation: "i", generation: 0, seqs: [], changed: [], dropped: [] };
      assert.equal(await store.commit("p", 0, { epoch: 5, fromOffset: null, nextOffset: 1, ...state }), "committed");
    }
    assert.deepEqual(await takeOver(path, "one", 6), { epoch: 6, reasons: [] }, "the same database goes on");
    const back = await takeOver(path, "one", 3);
    assert.equal(back.epoch, null);
    assert.match(back.reasons.join(), /database is older than the windows/);
    const other = await takeOver(path, "two", 3);
    assert.equal(other.epoch, null);
    assert.match(other.reasons.join(), /another database than before/);
  }));
