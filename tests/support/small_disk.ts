/**
 * Tests on a disk of a few kilobytes, to see what a full one does.
 * @module
 */
import { statfs } from "node:fs/promises";
import { inTempFolder } from "./temp_folder.ts";

/** A folder in memory that containers have; where it is small it can be filled but for a few kilobytes. */
const SHARED_MEMORY = "/dev/shm";
const SHARED_BYTES_MAX = 256 * 2 ** 20;

const canMount = await inTempFolder((folder) => mount(folder, 16).then(() => unmount(folder)))
  .then(() => null, (error: Error) => error.message.trim());
const missing = canMount === null || await isSmall(SHARED_MEMORY)
  ? null
  : `skipped, no disk can be mounted: ${canMount}`;

/** Registers a test with a folder on a disk of its own; skipped by name where there can be none. */
export function smallDiskTest(name: string, kilobytes: number, body: (folder: string) => Promise<void>): void {
  const withDisk = canMount === null ? onMountedDisk : inSharedMemory;
  Deno.test({
    name: missing === null ? name : `${name} (${missing})`,
    ignore: missing !== null,
    fn: () => withDisk(kilobytes, body),
  });
}

function onMountedDisk(kilobytes: number, body: (folder: string) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/disk`);
    await mount(`${folder}/disk`, kilobytes);
    try {
      await body(`${folder}/disk`);
    } finally {
      await unmount(`${folder}/disk`);
    }
  });
}

async function inSharedMemory(kilobytes: number, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: SHARED_MEMORY });
  try {
    await fillDisk(folder, kilobytes * 1024);
    await Deno.mkdir(`${folder}/disk`);
    await body(`${folder}/disk`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether a folder lies on a disk that is quickly full. */
async function isSmall(folder: string): Promise<boolean> {
  try {
    const { bsize, blocks } = await statfs(folder);
    return bsize * blocks <= SHARED_BYTES_MAX;
  } catch {
    return false;
  }
}

/** Fills what is left of the disk that a folder lies on, but for so many bytes. */
export async function fillDisk(folder: string, bytesLeft = 0): Promise<void> {
  const path = `${folder}/filling`;
  using file = await Deno.open(path, { create: true, append: true });
  for (const bytes of [65_536, 4_096]) {
    const piece = new Uint8Array(bytes);
    try {
      for (;;) await file.write(piece);
    } catch (error) {
      if (!/no space left/i.test(String(error))) throw error;
    }
  }
  const { size } = await file.stat();
  await file.truncate(Math.max(0, size - bytesLeft));
}

function mount(folder: string, kilobytes: number): Promise<void> {
  return run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder);
}

function unmount(folder: string): Promise<void> {
  return run("umount", "-l", folder);
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
