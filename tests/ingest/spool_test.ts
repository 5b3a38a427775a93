import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import type { AppendBatch } from "../../core/ports.ts";
import { Spool, type SpoolOptions } from "../../ingest/spool.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { inTempFolder } from "../support/temp_folder.ts";

/** An append of so many records, its values as long as asked for. */
function batch(name: string, { records = 1, length = 0, position }: {
  records?: number;
  length?: number;
  position?: unknown;
} = {}): AppendBatch {
  const value = JSON.stringify({ name, text: "é".repeat(length) });
  const record = { key: "k", value, instance: "demo", runId: null };
  const writes = [{ topic: "t", records: Array.from({ length: records }, (_, seq) => ({ ...record, seq })) }];
  return position === undefined ? { writes } : { writes, positions: [{ id: "demo", state: position }] };
}

const open = (folder: string, more: Partial<SpoolOptions> = {}) =>
  Spool.open({ folder: `${folder}/spool`, bytesMax: 1_000_000, random: seededRandom(1), ...more });

/** Takes everything out, oldest first. */
async function drained(spool: Spool): Promise<AppendBatch[]> {
  const found: AppendBatch[] = [];
  for (let entry = await spool.peek(); entry !== null; entry = await spool.peek()) {
    found.push(entry.batch);
    await spool.drop(entry.number);
  }
  return found;
}

const filesOf = (folder: string): string[] => [...Deno.readDirSync(`${folder}/spool`)].map(({ name }) => name).sort();

Deno.test("what was written comes out again in order, after the process, too, and leaves no file behind", () =>
  inTempFolder(async (folder) => {
    const batches = Array.from(
      { length: 20 },
      (_, i) => batch(`b${i}`, { records: i % 3 + 1, length: 500, position: i }),
    );
    {
      await using spool = await open(folder, { segmentBytesMax: 3_000 });
      for (const each of batches) assert.notEqual(await spool.write(each), null);
    }
    assert.ok(filesOf(folder).length > 3);
    await using spool = await open(folder, { segmentBytesMax: 3_000 });
    assert.deepEqual([spool.records, spool.position("demo")], [39, 19]);
    assert.deepEqual(await drained(spool), batches);
    assert.deepEqual([spool.records, spool.bytes, spool.isEmpty, filesOf(folder)], [0, 0, true, []]);
    assert.equal(spool.position("demo"), undefined, "the log has it now");
  }));

Deno.test("new entries go behind those of the process before, and numbers rise", () =>
  inTempFolder(async (folder) => {
    {
      await using spool = await open(folder);
      assert.deepEqual([await spool.write(batch("a")), await spool.write(batch("b"))], [1, 2]);
      await spool.drop(1);
    }
    await using spool = await open(folder);
    // The file is given back as a whole: who opens it anew asks the log how far it is.
    assert.equal(await spool.write(batch("c")), 3);
    await spool.drop(1);
    assert.deepEqual(await drained(spool), [batch("b"), batch("c")]);
  }));

Deno.test("a spool that was emptied has another identity than the one before it", () =>
  inTempFolder(async (folder) => {
    await using spool = await open(folder);
    await spool.write(batch("a"));
    const first = spool.id;
    assert.match(first, /^[0-9a-f]{16}$/);
    await spool.drop(1);
    await spool.write(batch("b"));
    assert.notEqual(spool.id, first);
  }));

Deno.test("beyond the bound nothing is taken, and what is there stays", () =>
  inTempFolder(async (folder) => {
    await using spool = await open(folder, { bytesMax: 3_000 });
    const taken: (number | null)[] = [];
    for (const name of ["a", "b", "c"]) taken.push(await spool.write(batch(name, { length: 600 })));
    assert.deepEqual(taken, [1, 2, null]);
    assert.ok(spool.bytes <= 3_000);
    await spool.drop(1);
    await spool.drop(2);
    assert.equal(await spool.write(batch("c", { length: 600 })), 3);
    await spool.drop(3);
    assert.equal(await spool.write(batch("larger than the bound", { length: 5_000 })), 4, "alone it gets in");
  }));

Deno.test("a write torn apart at any byte is not there, and everything before it is", () =>
  inTempFolder(async (folder) => {
    {
      await using spool = await open(folder);
      await spool.write(batch("whole", { position: 7 }));
      await spool.write(batch("torn", { position: 8 }));
    }
    const [name] = filesOf(folder);
    const bytes = await Deno.readFile(`${folder}/spool/${name}`);
    const text = new TextDecoder().decode(bytes);
    const wholeEnd = text.indexOf("torn") - 30;
    for (let size = 0; size < bytes.length; size++) {
      await Deno.writeFile(`${folder}/spool/${name}`, bytes.subarray(0, size));
      await using spool = await open(folder);
      const found = await drained(spool);
      assert.ok(found.length <= 1, String(size));
      if (size > wholeEnd + 40) {
        assert.deepEqual(found, [batch("whole", { position: 7 })], String(size));
        assert.ok(spool.tornBytes > 0);
      }
    }
  }));

Deno.test("a flipped bit ends a file: nothing wrong is handed out", () =>
  inTempFolder(async (folder) => {
    {
      await using spool = await open(folder);
      await spool.write(batch("a"));
      await spool.write(batch("b"));
    }
    const path = `${folder}/spool/${filesOf(folder)[0]}`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 5]! ^= 1;
    await Deno.writeFile(path, bytes);
    await using spool = await open(folder);
    assert.deepEqual(await drained(spool), [batch("a")]);
  }));

Deno.test("calls that overlap take their turn", () =>
  inTempFolder(async (folder) => {
    await using spool = await open(folder, { segmentBytesMax: 400 });
    const numbers = await Promise.all(Array.from({ length: 50 }, (_, i) => spool.write(batch(`b${i}`))));
    assert.deepEqual(numbers, Array.from({ length: 50 }, (_, i) => i + 1));
    assert.equal((await drained(spool)).length, 50);
  }));

Deno.test("a folder that cannot be used is refused with its fix", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/spool`, "a file");
    await assert.rejects(open(folder), (error) =>
      error instanceof UserError && /Cannot open the spool/.test(error.message));
  }));

/** How many files this process holds open below a folder. */
async function openBelow(folder: string): Promise<number> {
  const args = ["-c", 'ls -l "/proc/$0/fd" | grep -cF -- "-> $1/"', String(Deno.pid), folder];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  return Number(new TextDecoder().decode(stdout));
}

smallDiskTest(
  "a full disk refuses entries, holds no file open for them, and loses none of those before",
  64,
  async (disk) => {
    await using spool = await open(disk);
    assert.equal(await spool.write(batch("a")), 1);
    assert.equal(await openBelow(disk), 1);
    await fillDisk(disk);
    for (let i = 0; i < 20; i++) await assert.rejects(spool.write(batch("b", { length: 5_000 })), /No space left/);
    assert.equal(await openBelow(disk), 0);
    await Deno.remove(`${disk}/filling`);
    assert.equal(await spool.write(batch("c")), 2);
    assert.deepEqual(await drained(spool), [batch("a"), batch("c")]);
  },
);
