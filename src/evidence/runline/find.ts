import { basename } from "node:path";
import { forEachChild, type Command, type SyntaxNode } from "unbash";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ShellBody, ShellCommand, ShellWord } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import { shellBody } from "../shell/body.ts";
import { unwrap } from "../shell/unwrap.ts";
import { makefileSnippets } from "./makefile.ts";
import { markdownSnippets } from "./markdown.ts";
import { plainCommand, runProgram } from "./program.ts";
import { containerOf, readRunLine, type RunLineFile, runLineFile } from "./read.ts";
import { type Snippet, snippetOf, within } from "./snippet.ts";
import { unitCommands } from "./systemd.ts";
import { workflowSnippets } from "./workflow.ts";

/** How code is held in a file. */
export type ScriptKind = "shell" | "makefile" | "justfile" | "markdown" | "unit" | "workflow";

/** Containers of one file: more are not a script that somebody wrote. */
const MAX_CONTAINERS = 2000;
/** Scripts within scripts: `ssh host "bash -c 'docker run …'"`. */
const MAX_DEPTH = 4;

const ENGINE = /docker|podman|nerdctl|container|engine|runtime|oci/i;
const VERB = /\b(?:run|create)\b/;

/**
 * All containers that a script starts: `docker run`, `podman create`, … in shell code, in the recipes of a Makefile,
 * in fenced blocks of Markdown, in unit files of systemd, and in the steps of workflows. Never throws.
 *
 * @param kind how the code is held; else name and content of the file tell
 */
export function findRunLines(
  { path, text }: { path: string; text: string },
  kind: ScriptKind = scriptKind(path, text),
): ContainerEvidence[] {
  if (!VERB.test(text) || !ENGINE.test(text)) return [];
  const file = runLineFile(path);
  const found: ContainerEvidence[] = [];
  if (kind === "unit") {
    for (const words of unitCommands(text)) {
      const container = readRunLine(words, file);
      if (container !== null) found.push(container);
      else {
        const command = plainCommand(words);
        if (command !== null) inCommand({ text, file, found, depth: 0 }, command);
      }
      if (found.length >= MAX_CONTAINERS) break;
    }
    return found;
  }
  for (const snippet of snippetsOf(kind, text)) {
    if (found.length >= MAX_CONTAINERS) break;
    inSnippet({ text, file, found, depth: 0 }, snippet);
  }
  return found;
}

/** How the code in a file is held, by its name, else by what stands in it. */
export function scriptKind(path: string, text: string): ScriptKind {
  const name = basename(path).toLowerCase();
  if (/^(?:gnu)?makefile(?:\.\w+)?$|\.(?:mk|mak|make)$/.test(name)) return "makefile";
  if (/^\.?justfile$|\.just$/.test(name)) return "justfile";
  if (/\.(?:md|markdown|mdx|mdown|qmd|rmd)$/.test(name)) return "markdown";
  if (/\.(?:service|socket|timer|path|mount)(?:\.in)?$/.test(name) || /\.service\.d[\\/]/.test(path))
    return "unit";
  if (/\.ya?ml$/.test(name)) return "workflow";
  if (/\.(?:sh|bash|ksh|zsh|bats)$|^\.envrc$/.test(name) || text.startsWith("#!")) return "shell";
  if (/^\[(?:Unit|Service)\]\s*$/m.test(text)) return "unit";
  return /^[ \t]*(?:```|~~~)/m.test(text) ? "markdown" : "shell";
}

function snippetsOf(kind: ScriptKind, text: string): Snippet[] {
  switch (kind) {
    case "makefile":
      return makefileSnippets(text);
    case "justfile":
      return makefileSnippets(text, true);
    case "markdown":
      return markdownSnippets(text);
    case "workflow":
      return workflowSnippets(text);
    default:
      return [snippetOf(text, [{ start: 0, end: text.length }])];
  }
}

interface Search {
  /** Of the file. */
  text: string;
  file: RunLineFile;
  found: ContainerEvidence[];
  depth: number;
}

function inSnippet(search: Search, snippet: Snippet): void {
  if (!VERB.test(snippet.text) || !ENGINE.test(snippet.text)) return;
  const { text, origin } = snippet;
  const body = bodyOf(text, origin);
  if (body === null) return;
  for (const command of body.commands) {
    if (search.found.length >= MAX_CONTAINERS) return;
    inCommand(search, command);
  }
  if (search.depth < MAX_DEPTH && text.includes("<<") && body.script !== null) {
    for (const { start, end } of shellHeredocs(body.script)) {
      inSnippet({ ...search, depth: search.depth + 1 }, within(snippet, start, end));
    }
  }
}

function bodyOf(text: string, origin: Snippet["origin"]): ShellBody | null {
  try {
    return shellBody({ text, origin, program: "bash", options: [], variables: new Set(), form: "shell" });
  } catch {
    return null; // code nested so deeply that walking it exhausts the stack
  }
}

function inCommand(search: Search, command: ShellCommand): void {
  const { text, file, found, depth } = search;
  const program = runProgram(command, ({ start, end }) => text.slice(start, end));
  if (program !== null) {
    const container = containerOf(program, file);
    if (container !== null) found.push(container);
    return;
  }
  if (depth >= MAX_DEPTH) return;
  const script = scriptOf(unwrap(command));
  if (script === null) return;
  if ("raw" in script) {
    const range = plainText(text, script);
    if (range !== null) inSnippet({ ...search, depth: depth + 1 }, snippetOf(text, [range]));
    return;
  }
  const inner = plainCommand(script);
  if (inner !== null) inCommand({ ...search, depth: depth + 1 }, inner);
}

const SHELLS = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", "su"]);

/** What a command hands to another shell: one word of code, or the words of a command. */
function scriptOf({ name, args }: ShellCommand): ShellWord | readonly ShellWord[] | null {
  if (name === null) return null;
  if (SHELLS.has(name)) {
    const at = args.findIndex(({ value }) => value === "--command" || /^-[a-z]*c$/.test(value));
    return at < 0 ? null : (args[at + 1] ?? null);
  }
  if (name === "eval") return args.length === 1 ? (args[0] ?? null) : args;
  if (name !== "ssh") return null;
  let at = 0;
  while (at < args.length && args[at]?.value.startsWith("-") === true) {
    at += /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(args[at]?.value ?? "") ? 2 : 1;
  }
  const rest = args.slice(at + 1);
  return rest.length === 1 ? (rest[0] ?? null) : rest;
}

/** The stretch of the file between a word's quotes; null where the code is not a stretch of it. */
function plainText(text: string, { raw, range }: ShellWord): Range | null {
  if (text.slice(range.start, range.end) !== raw) return null;
  const quote = raw.charAt(0);
  if (quote !== "'" && quote !== '"') return /["'\\]/.test(raw) ? null : range;
  const inner = raw.slice(1, -1);
  const closed = raw.length > 1 && raw.endsWith(quote) && !inner.includes(quote);
  return closed && (quote === "'" || !/\\[^\n]/.test(inner))
    ? { start: range.start + 1, end: range.end - 1 }
    : null;
}

/** Bodies of heredocs that a shell reads as its script: `ssh host <<EOF`, `bash <<'EOF'`. */
function shellHeredocs(script: SyntaxNode): Range[] {
  const ranges: Range[] = [];
  const stack: SyntaxNode[] = [script];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === "Command" && readsScript(node)) {
      for (const redirect of node.redirects) {
        if (redirect.type === "HereDoc") ranges.push({ start: redirect.body.pos, end: redirect.body.end });
      }
    }
    if (node.type === "Word" || node.type === "HereDoc") continue;
    forEachChild(node, (child) => {
      stack.push(child);
    });
  }
  return ranges.toSorted((a, b) => a.start - b.start);
}

function readsScript({ name, args }: Command): boolean {
  const words = [name, ...args].map((word) =>
    word?.type === "Word" ? word.value.replace(/^.*\//s, "") : "",
  );
  return words.slice(0, 6).some((word) => word === "ssh" || SHELLS.has(word));
}
