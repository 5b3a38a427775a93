/**
 * A data folder has one owner: the process that holds the operating system's lock on `owner.lock`. The lock ends with
 * the process, however it dies; what is written inside is information only.
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";

/** The data folder is ours until dispose. */
export interface Ownership extends AsyncDisposable {
  /** Writes the address that this process can be reached at, for those who find the folder owned. */
  setUrl(url: string): Promise<void>;
}

/** What is written in the lock file. */
interface OwnerInfo {
  readonly pid: number;
  readonly url: string | null;
}

/**
 * Makes the folder where it is missing and takes it. Throws UserError("owned") where another process has it, and
 * UserError("unavailable") where the folder cannot be made or written.
 */
export async function takeOwnership(dataDir: string, options: { readonly url?: string } = {}): Promise<Ownership> {
  const path = `${dataDir}/owner.lock`;
  const file = await openLockFile(dataDir, path);
  try {
    if (!await file.tryLock(true)) throw ownedError(dataDir, await readInfo(path));
    await writeInfo(file, { pid: Deno.pid, url: options.url ?? null });
  } catch (error) {
    file.close();
    throw error instanceof UserError ? error : unavailable(dataDir, error);
  }
  let released = false;
  return {
    setUrl: (url) => writeInfo(file, { pid: Deno.pid, url }),
    async [Symbol.asyncDispose]() {
      if (released) return;
      released = true;
      // The file stays: to delete it would let two processes lock two files of the same name.
      await file.truncate(0);
      file.close();
    },
  };
}

async function openLockFile(dataDir: string, path: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(dataDir, { recursive: true });
    return await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    throw unavailable(dataDir, error);
  }
}

function unavailable(dataDir: string, error: unknown): UserError {
  const cause = `Cannot use the data folder ${dataDir}: ${messageOf(error)}`;
  return new UserError("unavailable", { cause, fix: "make it writable, or use another --data-dir" }, { cause: error });
}

function ownedError(dataDir: string, owner: OwnerInfo | undefined): UserError {
  const who = owner === undefined ? "" : ` (pid ${owner.pid}${owner.url === null ? "" : `, ${owner.url}`})`;
  return new UserError("owned", {
    cause: `Cannot use the data folder ${dataDir}: another process owns it${who}`,
    fix: "stop that process, or use another --data-dir",
  });
}

/** What the owner wrote, as far as it can be read: it may be about to write it. */
async function readInfo(path: string): Promise<OwnerInfo | undefined> {
  try {
    const { pid, url } = JSON.parse(await Deno.readTextFile(path));
    return { pid: Number(pid), url: typeof url === "string" ? url : null };
  } catch {
    return undefined;
  }
}

async function writeInfo(file: Deno.FsFile, info: OwnerInfo): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(info) + "\n");
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
