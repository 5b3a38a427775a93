import assert from "node:assert/strict";
import { takeOwnership } from "../../adapters/owner_lock.ts";
import { UserError } from "../../core/errors.ts";

async function inFolder(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const refused = (code: string, pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, pattern);
  assert.match(error.fix, /--data-dir/);
  return true;
};

Deno.test("owner lock: a folder is made, owned once, and free again after dispose", () =>
  inFolder(async (dir) => {
    const data = `${dir}/deep/data`;
    const first = await takeOwnership(data);
    await assert.rejects(takeOwnership(data), refused("owned", new RegExp(`deep/data.*pid ${Deno.pid}`)));
    await first.setUrl("http://127.0.0.1:8000/a-long-address");
    await first.setUrl("http://127.0.0.1:80");
    await assert.rejects(takeOwnership(data), refused("owned", /pid \d+, http:\/\/127\.0\.0\.1:80\)/));
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    await using _second = await takeOwnership(data, { url: "http://localhost:9" });
    await assert.rejects(takeOwnership(data), refused("owned", /localhost:9/));
  }));

Deno.test("owner lock: what stands in the file of a dead owner does not matter", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/owner.lock`, '{"pid":1,"url":"http://127.0.0.1:1"}\n');
    await using _owner = await takeOwnership(dir);
    await Deno.writeTextFile(`${dir}/owner.lock`, "half a li");
    await assert.rejects(takeOwnership(dir), refused("owned", /another process owns it$/));
  }));

Deno.test("owner lock: a folder that cannot be made or is none is refused with the fix", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/file`, "");
    await assert.rejects(takeOwnership(`${dir}/file`), refused("unavailable", /file/));
    await assert.rejects(takeOwnership(`${dir}/file/data`), refused("unavailable", /file\/data/));
    await Deno.mkdir(`${dir}/owner.lock`);
    await assert.rejects(takeOwnership(dir), refused("unavailable", /Cannot use the data folder/));
  }));

Deno.test("owner lock: another process owns it until it is killed with SIGKILL", () =>
  inFolder(async (dir) => {
    const module = new URL("../../adapters/owner_lock.ts", import.meta.url).href;
    const program = `const { takeOwnership } = await import(${JSON.stringify(module)});
      await takeOwnership(${JSON.stringify(dir)}, { url: "http://127.0.0.1:4321" });
      Deno.stdout.writeSync(new TextEncoder().encode("owned"));
      setInterval(() => {}, 1000);`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", program], stdout: "piped" }).spawn();
    const output = child.stdout.getReader();
    assert.equal(new TextDecoder().decode((await output.read()).value), "owned");
    const expected = new RegExp(`pid ${child.pid}, http://127\\.0\\.0\\.1:4321`);
    await assert.rejects(takeOwnership(dir), refused("owned", expected));
    child.kill("SIGKILL");
    await child.status;
    await output.cancel();
    await using _owner = await takeOwnership(dir);
  }));
