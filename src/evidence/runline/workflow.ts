import { isMap, isScalar, isSeq, type Scalar } from "yaml";
import { documentRanges, readDocument } from "../kubernetes/yaml.ts";
import { variable } from "./makefile.ts";
import { type Piece, type Snippet, snippetOf } from "./snippet.ts";

/** Keys whose text a shell runs: GitHub, GitLab, Azure, Drone, Woodpecker, Travis, Taskfile, Ansible. */
const KEYS = new Set(
  "run script before_script after_script before_install install commands cmd cmds bash shell ansible.builtin.shell".split(
    " ",
  ),
);

/**
 * The shell code in a workflow: `run: |` and its like (GitHub Actions workflow syntax, GitLab CI keyword reference).
 * Expressions `${{ … }}` read as something that only the run tells. What is no YAML holds none.
 */
export function workflowSnippets(text: string): Snippet[] {
  const snippets: Snippet[] = [];
  for (const range of documentRanges(text)) {
    const document = readDocument(text, range);
    if (document === null || !("root" in document)) continue;
    const stack: { node: unknown; shell: boolean }[] = [{ node: document.root, shell: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { node, shell } = top;
      if (isScalar(node)) {
        if (shell) {
          const pieces = scalarPieces(text, node);
          if (pieces.length > 0) snippets.push(snippetOf(text, pieces));
        }
      } else if (isSeq(node)) {
        for (const item of node.items.toReversed()) stack.push({ node: item, shell });
      } else if (isMap(node)) {
        for (const { key, value } of node.items.toReversed()) {
          const name = isScalar(key) ? String(key.value) : "";
          // CircleCI writes run: {command: …}
          stack.push({ node: value, shell: KEYS.has(name) || (shell && name === "command") });
        }
      }
    }
  }
  return snippets;
}

/** The text of a scalar as stretches of the file; empty for one with escapes, which is no stretch of it. */
export function scalarPieces(text: string, node: Scalar): Piece[] {
  const [start = 0, end = 0] = node.range ?? [];
  if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED") {
    return blockPieces(text, start, end, node.type === "BLOCK_FOLDED");
  }
  const quoted = node.type === "QUOTE_SINGLE" || node.type === "QUOTE_DOUBLE";
  const from = quoted ? start + 1 : start;
  const to = quoted ? end - 1 : end;
  const raw = text.slice(from, to);
  const escaped = node.type === "QUOTE_DOUBLE" ? /\\/.test(raw) : quoted && /''/.test(raw);
  if (escaped || to <= from) return [];
  return flowLines(text, from, to).flatMap((piece) =>
    piece.text === undefined ? expressions(text, piece) : [piece],
  );
}

// Within plain and quoted scalars a line end and the blanks around it are one blank (YAML 1.2, 7.3.3).
function flowLines(text: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  for (const match of text.slice(from, to).matchAll(/[ \t]*\r?\n\s*/g)) {
    const start = from + match.index;
    const end = start + match[0].length;
    pieces.push({ start: at, end: start }, { start, end, text: " " });
    at = end;
  }
  pieces.push({ start: at, end: to });
  return pieces;
}

function blockPieces(text: string, start: number, end: number, folded: boolean): Piece[] {
  const header = text.indexOf("\n", start);
  if (header < 0 || header >= end) return [];
  const given = /^[|>][+-]?([1-9])/.exec(text.slice(start, start + 4))?.[1];
  const pieces: Piece[] = [];
  let indent: number | null = null;
  for (let at = header + 1; at < end;) {
    const newline = text.indexOf("\n", at);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const blanks = blanksAt(text, at, next);
    const empty = at + blanks >= next || /[\r\n]/.test(text.charAt(at + blanks));
    if (indent === null && !empty) indent = blanks;
    const from = Math.min(at + Math.min(blanks, indent ?? blanks), next);
    pieces.push(...expressions(text, { start: from, end: next }));
    // A folded line goes on in the next one, unless that is empty or indented further.
    if (folded && !empty && newline >= 0 && next < end && blanksAt(text, next, end) === blanks) {
      const last = pieces.at(-1);
      if (last !== undefined && last.end === next) {
        const cut = text.charAt(newline - 1) === "\r" ? newline - 1 : newline;
        pieces[pieces.length - 1] = { ...last, end: cut };
        pieces.push({ start: cut, end: next, text: " " });
      }
    }
    at = next;
  }
  return given === undefined ? pieces : pieces.filter(({ start: from, end: to }) => to > from);
}

function blanksAt(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charAt(at) === " ") at += 1;
  return at - start;
}

function expressions(text: string, { start, end }: Piece): Piece[] {
  const part = text.slice(start, end);
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = part.indexOf("${{"); at !== -1; at = part.indexOf("${{", from)) {
    const close = part.indexOf("}}", at);
    if (close === -1) break;
    pieces.push({ start: start + from, end: start + at }, variable(start + at, start + close + 2));
    from = close + 2;
  }
  pieces.push({ start: start + from, end });
  return pieces;
}
