/**
 * Files that commands make: whole or as they were before.
 */
import assert from "node:assert/strict";
import { isSameFile, writeOutput } from "../../cli/output_file.ts";
import { UserError } from "../../core/errors.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const never = new AbortController().signal;
const portions = (...texts: string[]) => ReadableStream.from(texts);
const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

// deno-lint-ignore require-yield -- it fails before
async function* failing(error: Error): AsyncGenerator<string> {
  await Promise.resolve();
  throw error;
}

async function* some(text: string, then: AsyncIterable<string>): AsyncGenerator<string> {
  yield text;
  yield* then;
}

Deno.test("a file has its name once it is whole, and nothing else is left beside it", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/out.csv`;
    for (const text of ["one", "two"]) {
      assert.equal(await writeOutput(path, portions(text, "\n"), never), true);
      assert.equal(await Deno.readTextFile(path), `${text}\n`);
    }
    assert.deepEqual(namesIn(folder), ["out.csv"]);
  }));

Deno.test("what fails on the way, or is interrupted, leaves an older file as it was, and no part of a new one", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/old`, "old");
    const stop = new AbortController();
    const stopping = async function* () {
      yield "new";
      await Promise.resolve();
      stop.abort();
      yield "never";
    };
    for (const name of ["old", "missing"]) {
      const cause = new Error("no more rows");
      await assert.rejects(writeOutput(`${folder}/${name}`, some("new", failing(cause)), never), cause);
    }
    assert.equal(await writeOutput(`${folder}/old`, stopping(), stop.signal), false);
    assert.deepEqual([await Deno.readTextFile(`${folder}/old`), namesIn(folder)], ["old", ["old"]]);
  }));

Deno.test("a link stays a link: what it leads to is written, also where that is still to be made", () =>
  inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/far`);
    await Deno.writeTextFile(`${folder}/far/old`, "old");
    for (const name of ["old", "new"]) {
      await Deno.symlink(`far/${name}`, `${folder}/${name}`);
      await writeOutput(`${folder}/${name}`, portions("text"), never);
      assert.ok((await Deno.lstat(`${folder}/${name}`)).isSymlink);
      assert.equal(await Deno.readTextFile(`${folder}/far/${name}`), "text");
    }
    assert.deepEqual([namesIn(folder), namesIn(`${folder}/far`)], [["far", "new", "old"], ["new", "old"]]);
  }));

Deno.test("an older file's permissions are the new one's", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine`, "old", { mode: 0o600 });
    await writeOutput(`${folder}/mine`, portions("new"), never);
    assert.equal((await Deno.stat(`${folder}/mine`)).mode! & 0o777, 0o600);
  }));

/** Asserts a failure that a user can mend. */
const assertUnwritable = (path: string, { cause, fix }: { cause: RegExp; fix: RegExp }) =>
  assert.rejects(writeOutput(path, portions("text"), never), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, cause);
    assert.match(error.fix, fix);
    assert.equal(error.exitCode, 4);
    return true;
  });

Deno.test("a folder that is not there, or stands in the place, is told with the fix", () =>
  inTempFolder(async (folder) => {
    const missing = /^Cannot write \S+\/none\/out: ENOENT: no such file or directory$/;
    await assertUnwritable(`${folder}/none/out`, { cause: missing, fix: /choose a file in a folder that exists/ });
    await assertUnwritable(folder, { cause: /^Cannot write \S+: EISDIR/, fix: /choose a file/ });
  }));

smallDiskTest("a disk that is full is told with the fix, and keeps no part of what found no room", 16, async (disk) => {
  await fillDisk(disk);
  const cause = /^Cannot write \S+\/out: ENOSPC: no space left on device$/;
  await assertUnwritable(`${disk}/out`, { cause, fix: /^free space on that disk/ });
  assert.deepEqual(namesIn(disk), ["filling"]);
});

Deno.test("two paths are one file by whatever link", () =>
  inTempFolder(async (folder) => {
    const path = (name: string) => `${folder}/${name}`;
    await Deno.writeTextFile(path("file"), "");
    await Deno.writeTextFile(path("other"), "");
    await Deno.link(path("file"), path("hard"));
    await Deno.symlink("file", path("soft"));
    const same = await Promise.all(
      ["file", "hard", "soft", "other", "none"].map((name) => isSameFile(path("file"), path(name))),
    );
    assert.deepEqual(same, [true, true, true, false, false]);
    assert.ok(!await isSameFile(path("none"), path("nothing")));
  }));
