/**
 * A data folder has one owner, and so has a folder of spools: the process that holds the operating system's lock on `owner.lock`. The lock ends with
 * the process, however it dies; what is written inside is information only.
 * @module
 */
import { FREE_SPACE, isDiskFull, messageOf, UserError } from "../core/errors.ts";

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

/** What is written in the lock file, and what the folder is called where it cannot be had. */
export interface OwnershipOptions {
  readonly url?: string;
  /** Default: a data folder, of which another one can be named. */
  readonly wording?: FolderWording;
}

/** Words for a folder that cannot be had. */
export interface FolderWording {
  /** `the data folder`. */
  readonly folder: string;
  /** What else to do than to stop the owner. */
  readonly otherwise: string;
}

const dataFolder: FolderWording = { folder: "the data folder", otherwise: "use another --data-dir" };

/**
 * Makes the folder where it is missing and takes it. Throws UserError("owned") where another process has it, and
 * UserError("unavailable") where the folder cannot be made or written.
 */
export async function takeOwnership(dir: string, options: OwnershipOptions = {}): Promise<Ownership> {
  const { url = null, wording = dataFolder } = options;
  const named = { dir, ...wording };
  const path = `${dir}/owner.lock`;
  const file = await openLockFile(named, path);
  try {
    if (!await file.tryLock(true)) throw ownedError(named, await readInfo(path));
    await writeInfo(file, { pid: Deno.pid, url });
  } catch (error) {
    file.close();
    throw error instanceof UserError ? error : unavailable(named, error);
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

/** A folder with its words. */
type NamedFolder = FolderWording & { readonly dir: string };

async function openLockFile(folder: NamedFolder, path: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(folder.dir, { recursive: true });
    return await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    throw unavailable(folder, error);
  }
}

function unavailable({ dir, folder, otherwise }: NamedFolder, error: unknown): UserError {
  const cause = `Cannot use ${folder} ${dir}: ${messageOf(error)}`;
  const fix = `${isDiskFull(error) ? FREE_SPACE : "make it writable"}, or ${otherwise}`;
  return new UserError("unavailable", { cause, fix }, { cause: error });
}

function ownedError({ dir, folder, otherwise }: NamedFolder, owner: OwnerInfo | undefined): UserError {
  const who = owner === undefined ? "" : ` (pid ${owner.pid}${owner.url === null ? "" : `, ${owner.url}`})`;
  return new UserError("owned", {
    cause: `Cannot use ${folder} ${dir}: another process owns it${who}`,
    fix: `stop that process, or ${otherwise}`,
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
