/** Options of `TextLineStream`. */
export interface TextLineStreamOptions {
  /** Treat a lone `\r` as the end of a line as well; default false. */
  allowCR?: boolean;
}

/**
 * Splits chunks of text into lines without their ends (`\n` or `\r\n`). A last line without an end is a line; the empty
 * text after a last end is not.
 *
 * @example
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * import { TextLineStream } from "@std/streams";
 *
 * const lines = ReadableStream.from(["a\nb", "c\r\n"]).pipeThrough(new TextLineStream());
 * deepEqual(await Array.fromAsync(lines), ["a", "bc"]);
 * ```
 */
export class TextLineStream extends TransformStream<string, string> {
  /** Takes whether a lone `\r` ends a line. */
  constructor({ allowCR = false }: TextLineStreamOptions = {}) {
    const lineEnd = allowCR ? /\r\n|\n|\r/ : /\r?\n/;
    // Parts of a line that spans chunks: joined once at its end, as adding to one string would search it again each time.
    let parts: string[] = [];
    let pendingCR = "";
    super({
      transform(chunk, controller) {
        let text = pendingCR + chunk;
        pendingCR = "";
        // Whether this \r belongs to a \r\n shows with the next chunk.
        if (text.endsWith("\r")) {
          pendingCR = "\r";
          text = text.slice(0, -1);
        }
        const [first = "", ...rest] = text.split(lineEnd);
        parts.push(first);
        for (const part of rest) {
          controller.enqueue(parts.join(""));
          parts = [part];
        }
      },
      flush(controller) {
        const last = parts.join("") + (allowCR ? "" : pendingCR);
        if (last !== "" || (allowCR && pendingCR !== "")) controller.enqueue(last);
      },
    });
  }
}
