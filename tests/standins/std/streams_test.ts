import { deepEqual } from "node:assert/strict";
import { TextLineStream, type TextLineStreamOptions } from "@std/streams";
import fc from "fast-check";

async function linesOf(chunks: string[], options?: TextLineStreamOptions): Promise<string[]> {
  return await Array.fromAsync(ReadableStream.from(chunks).pipeThrough(new TextLineStream(options)));
}

Deno.test("lines end with \\n or \\r\\n, wherever the chunks are split", async () => {
  deepEqual(await linesOf(["a\nb\r\nc"]), ["a", "b", "c"]);
  deepEqual(await linesOf(["a", "b\r", "\nc", "\n", "\nd"]), ["ab", "c", "", "d"]);
});

Deno.test("a last line without an end is a line, the empty text after a last end is not", async () => {
  deepEqual(await linesOf(["a\n", "b"]), ["a", "b"]);
  deepEqual(await linesOf(["a\n"]), ["a"]);
  deepEqual(await linesOf(["\n\n"]), ["", ""]);
  deepEqual(await linesOf([]), []);
});

Deno.test("a lone \\r is text, unless allowCR makes it an end", async () => {
  deepEqual(await linesOf(["a\rb", "c\r", "d\r"]), ["a\rbc\rd\r"]);
  deepEqual(await linesOf(["a\rb", "c\r", "d\r"], { allowCR: true }), ["a", "bc", "d"]);
  deepEqual(await linesOf(["a\r", "\nb\r\n\r"], { allowCR: true }), ["a", "b", ""]);
});

Deno.test("any split of a text gives the lines of the whole", async () => {
  const chunks = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r") }));
  await fc.assert(fc.asyncProperty(chunks, fc.boolean(), async (parts, allowCR) => {
    const expected = parts.join("").split(allowCR ? /\r\n|\n|\r/ : /\r?\n/);
    if (expected.at(-1) === "") expected.pop();
    deepEqual(await linesOf(parts, { allowCR }), expected);
  }));
});
