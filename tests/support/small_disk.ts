/**
 * Tests on a disk of a few kilobytes, to see what a full one does.
 * @module
 */
import { inTempFolder } from "./temp_folder.ts";

/** Why there can be none here, or null. */
const missing = await inTempFolder((folder) => mount(folder, 16).then(() => unmount(folder)))
  .then(() => null, (error: Error) => `skipped, no disk can be mounted: ${error.message.trim()}`);

/** Registers a test with a folder on a disk of its own; skipped by name where none can be mounted. */
export function smallDiskTest(name: string, kilobytes: number, body: (folder: string) => Promise<void>): void {
  Deno.test({
    name: missing === null ? name : `${name} (${missing})`,
    ignore: missing !== null,
    fn: () =>
      inTempFolder(async (folder) => {
        await Deno.mkdir(`${folder}/disk`);
        await mount(`${folder}/disk`, kilobytes);
        try {
          await body(`${folder}/disk`);
        } finally {
          await unmount(`${folder}/disk`);
        }
      }),
  });
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
