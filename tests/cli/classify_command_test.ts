/** `classify` and `train` as a user calls them. */
import assert from "node:assert/strict";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { tidemark, tidemarkOk } from "../support/tidemark.ts";

Deno.test("classify scores each line of a text, in order, as CSV", async () => {
  await inTempFolder(async (folder) => {
    const texts = ["PogChamp what a play", "you are trash noob", 'he said "gg, wp"', "", "where is the key"];
    await Deno.writeTextFile(`${folder}/chat.txt`, texts.join("\r\n") + "\n");
    await tidemarkOk(["classify", `${folder}/chat.txt`, "--to", `${folder}/out.csv`]);
    const [header, ...rows] = (await Deno.readTextFile(`${folder}/out.csv`)).trimEnd().split("\n");
    assert.equal(header, "text,sentiment,toxicity");
    assert.deepEqual(rows.map((row) => row.replace(/,-?[\d.]+,[\d.]+$/, "")), [
      "PogChamp what a play",
      "you are trash noob",
      '"he said ""gg, wp"""',
      "",
      "where is the key",
    ]);
    const scores = rows.map((row) => row.split(",").slice(-2).map(Number));
    assert.ok(scores[0]![0]! > 0.5 && scores[0]![1]! < 0.3, rows[0]);
    assert.ok(scores[1]![0]! < -0.2 && scores[1]![1]! > 0.8, rows[1]);
  });
});

Deno.test("classify scores a column of a CSV as JSONL, and says which rows it left out", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/chat.csv`, 'user;text\na;"gg; wp"\nb;"broken" cell\nc;kys\n');
    const { code, stderr } = await tidemark(
      ["classify", `${folder}/chat.csv`, "--column", "text", "--to", `${folder}/out.jsonl`],
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /2 texts scored in .*; 1 rows left out/);
    const rows = (await Deno.readTextFile(`${folder}/out.jsonl`)).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(rows.map(({ text }) => text), ["gg; wp", "kys"]);
    assert.ok(rows[0].toxicity < 0.3 && rows[1].toxicity > 0.7);
  });
});

Deno.test("classify and train say what is wrong in two lines", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/chat.csv`, "user,text\na,gg\n");
    const file = `${folder}/chat.csv`;
    const failures: readonly (readonly [args: string[], cause: RegExp, fix: RegExp, code: number])[] = [
      [["classify", file], /Cannot classify: a file and where to write are needed/, /--to OUT/, 2],
      [["classify", file, "--to", file], /it would be overwritten/, /--to OUT/, 2],
      [["classify", `${folder}/none`, "--to", `${folder}/o.csv`], /there is no such file/, /Check the path/, 2],
      [["classify", file, "--to", `${folder}/o.csv`, "--column", "body"], /no column "body"/, /user, text/, 2],
      [["classify", file, "--to", `${folder}/no/o.csv`], /Cannot write .*o\.csv/, /folder that exists/, 4],
      [["train", "sentiment", "--data", file], /Cannot train: a model and its data/, /train toxicity/, 2],
      [["train", "toxicity", "--data", file], /its columns are user, text/, /columns class and tweet/, 2],
      [["train", "toxicity", "--data", file, "--seed", "x"], /Cannot use --seed x/, /leave it out/, 2],
    ];
    for (const [args, cause, fix, expected] of failures) {
      const { code, stderr } = await tidemark(args);
      const [first = "", second = ""] = stderr.trimEnd().split("\n").slice(-2);
      assert.match(first, cause, args.join(" "));
      assert.match(second, fix, args.join(" "));
      assert.equal(code, expected, stderr);
    }
  });
});

Deno.test("classify never overwrites its input, by whatever link the output leads there", () =>
  inTempFolder(async (folder) => {
    const text = "hello there\n";
    await Deno.writeTextFile(`${folder}/chat.txt`, text);
    await Deno.symlink("chat.txt", `${folder}/soft.csv`);
    await Deno.link(`${folder}/chat.txt`, `${folder}/hard.csv`);
    for (const name of ["soft.csv", "hard.csv"]) {
      const { code, stderr } = await tidemark(["classify", `${folder}/chat.txt`, "--to", `${folder}/${name}`]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /it would be overwritten/);
      assert.equal(await Deno.readTextFile(`${folder}/chat.txt`), text);
    }
  }));

smallDiskTest("classify onto a full disk says so, and leaves an older output as it was", 32, async (disk) => {
  await Deno.writeTextFile(`${disk}/out.csv`, "older");
  for (const bytesLeft of [4_096, 0]) {
    await fillDisk(disk, bytesLeft);
    await inTempFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/chat.txt`, "hello there\n".repeat(1_000));
      const { code, stderr } = await tidemark(["classify", `${folder}/chat.txt`, "--to", `${disk}/out.csv`]);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /error: Cannot write .*\/out\.csv: .*no space left.*\n {2}fix: free space on that disk/);
    });
    assert.equal(await Deno.readTextFile(`${disk}/out.csv`), "older");
    assert.deepEqual([...Deno.readDirSync(disk)].map(({ name }) => name).sort(), ["filling", "out.csv"]);
  }
});

Deno.test("train refuses data with too few texts of either kind", async () => {
  await inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/tweets.csv`, "class,tweet\n" + "2,hello there\n".repeat(50));
    const { code, stderr } = await tidemark(["train", "toxicity", "--data", `${folder}/tweets.csv`, "--out", folder]);
    assert.equal(code, 2);
    assert.match(stderr, /it holds 0 toxic texts and 50 others/);
  });
});

const utf16 = (text: string) => new Uint8Array(Uint16Array.from("\ufeff" + text, (unit) => unit.charCodeAt(0)).buffer);
const latin1 = (text: string) => Uint8Array.from(text, (unit) => unit.charCodeAt(0));

Deno.test("classify and train read texts in the encoding that they are in, and refuse what is no text", async () => {
  await inTempFolder(async (folder) => {
    const [file, out] = [`${folder}/in`, `${folder}/out.csv`];
    const cases: readonly (readonly [content: Uint8Array, args: string[], text: string, note: RegExp])[] = [
      [utf16("user,message\na,hé\n"), ["--column", "message"], "hé", /^1 texts/],
      [utf16("hé\n"), [], "hé", /^1 texts/],
      [latin1("user,message\na,hé\n"), ["--column", "message"], "hé", /is read as Windows-1252; --encoding names/],
      [latin1("hé\n"), [], "hé", /is read as Windows-1252; --encoding names/],
      [latin1("hé\n"), ["--encoding", "windows-1251"], "hй", /^1 texts/],
    ];
    for (const [content, args, text, note] of cases) {
      await Deno.writeFile(file, content);
      const { code, stderr } = await tidemark(["classify", file, "--to", out, ...args]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, note);
      assert.equal((await Deno.readTextFile(out)).split("\n")[1]?.split(",")[0], text);
    }
    await Deno.writeFile(file, utf16("class,tweet\n2,hello there\n"));
    assert.match((await tidemark(["train", "toxicity", "--data", file])).stderr, /it holds 0 toxic texts and 1 others/);
    await Deno.writeFile(file, latin1("PAR1\u0015\u0004PAR1"));
    for (const args of [["classify", file, "--to", out], ["train", "toxicity", "--data", file]]) {
      const { code, stderr } = await tidemark(args);
      assert.equal(code, 2);
      assert.match(stderr, /it is a Parquet file, and .* read here\n {2}fix: write/);
    }
  });
});

Deno.test("the names of columns reach the terminal without control characters, and cut", async () => {
  await inTempFolder(async (folder) => {
    const file = `${folder}/t.csv`;
    await Deno.writeTextFile(file, `\x1b[31mred\x07,"\u009b2j\u202eb",${"x".repeat(500)}\n1,2,3\n`);
    for (
      const args of [
        ["classify", file, "--column", "text", "--to", `${folder}/o.csv`],
        ["train", "toxicity", "--data", file],
        ["decode", file, "--source", "chat"],
      ]
    ) {
      const { code, stderr } = await tidemark(args);
      assert.equal(code, 2);
      assert.ok(stderr.includes(`[31mred, 2jb, ${"x".repeat(40)}…`), stderr);
      assert.doesNotMatch(stderr, /[^\P{C}\n]/u);
    }
  });
});
