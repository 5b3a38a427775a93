/**
 * The project's own files, and what the parser of `deno lint` says about the sources among them.
 * @module
 */
import { dirname, posix } from "node:path";
import { projectRoot } from "./tidemark.ts";

/** A text file of the project; its path is relative to the root and has `/`. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A function: where it begins, its lines, and those of them that are not a function's within it. */
export interface FunctionPlace {
  readonly line: number;
  readonly lines: number;
  readonly ownLines: number;
}

/** A source as parsed. Lines count from 1. */
export interface SourceFile extends TextFile {
  /** Files of ours that it imports or exports from, with their line. */
  readonly imports: readonly { readonly to: string; readonly line: number }[];
  readonly functions: readonly FunctionPlace[];
  readonly consoles: readonly number[];
  readonly anys: readonly number[];
  readonly defaultExports: number;
  readonly otherExports: number;
}

const SKIPPED = new Set(["node_modules", ".git", "_fresh", "data", "vendor"]);
const TEXT =
  /(\.(ts|tsx|sql|md|json|jsonc|css|svg|html|yaml|yml|sh|toml|lock|txt|csv|jsonl)|\/run|LICENSE|\.gitignore)$/;

/** Every text file, in order of paths. */
export async function textFiles(folder = ""): Promise<TextFile[]> {
  const files: TextFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(projectRoot + folder)) {
    const path = posix.join(folder, name);
    if (isDirectory && !SKIPPED.has(name)) files.push(...await textFiles(path));
    if (!isDirectory && TEXT.test(path)) files.push({ path, text: await Deno.readTextFile(projectRoot + path) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Number of lines of a text. */
export const lineCount = (text: string): number => text.trimEnd().split("\n").length;

/** Parses a TypeScript file. */
export function parseSource({ path, text }: TextFile): SourceFile {
  const imports: { to: string; line: number }[] = [];
  const functions: { line: number; lines: number; ownLines: number }[] = [];
  const found = { consoles: [] as number[], anys: [] as number[], defaultExports: 0, otherExports: 0 };
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const link = (source: unknown, [offset]: Deno.lint.Range) => {
    const specifier = (source as { value?: unknown } | null)?.value;
    if (typeof specifier !== "string" || !specifier.startsWith(".")) return;
    imports.push({ to: posix.join(dirname(path), specifier), line: lineAt(offset) });
  };
  const visitor: Deno.lint.LintVisitor = {
    "FunctionDeclaration, FunctionExpression, ArrowFunctionExpression": ({ range }: Deno.lint.Node) => {
      const [from, to] = range.map(lineAt) as [number, number];
      const lines = to - from + 1;
      // The one around it was visited before.
      const around = functions.findLast((outer) => outer.line <= from && outer.line + outer.lines > to);
      if (around !== undefined) around.ownLines -= lines;
      functions.push({ line: from, lines, ownLines: lines });
    },
    ImportDeclaration: ({ source, range }) => link(source, range),
    ImportExpression: ({ source, range }) => link(source, range),
    ExportAllDeclaration({ source, range }) {
      link(source, range);
      found.otherExports++;
    },
    ExportNamedDeclaration({ source, range }) {
      link(source, range);
      found.otherExports++;
    },
    ExportDefaultDeclaration: () => void found.defaultExports++,
    "MemberExpression[object.name='console']": ({ range }: Deno.lint.Node) => found.consoles.push(lineAt(range[0])),
    TSAnyKeyword: ({ range }) => found.anys.push(lineAt(range[0])),
  };
  const plugin: Deno.lint.Plugin = { name: "tidy", rules: { facts: { create: () => visitor } } };
  Deno.lint.runPlugin(plugin, path, text);
  return { path, text, imports, functions, ...found };
}
