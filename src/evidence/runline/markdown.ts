import { type Piece, type Snippet, snippetOf } from "./snippet.ts";

/** Languages of fenced blocks that hold commands (linguist's names of shells); a fence without one may. */
const LANGUAGES = new Set(
  "sh bash shell zsh ksh console terminal shell-session shellsession sh-session bash-session text plaintext".split(
    " ",
  ),
);

const FENCE = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]+){0,8}(`{3,}|~{3,})[ \t]*\{?\.?([\w.+-]*)/;

/** What stands before a command in a session: `$ `, `user@host:~$ `, `root@host:/# `, `[user@host dir]$ `. */
const PROMPT = /^(?:\([\w.-]+\)[ ]?)?(?:\[?[\w.-]+@[\w.-]+(?:[: ][^\s$#%\]]*)?\]?)?[$%#] /;
const CONTINUED = /^>[ ]/;

interface Line {
  /** Of its text without the indentation of the fence. */
  start: number;
  /** Behind its line end. */
  end: number;
}

/**
 * The shell code in the fenced blocks of a Markdown text (CommonMark 4.5). In a block with prompts the lines without
 * one are output; `#` is a prompt in a session (`console`) and begins a comment in a script.
 */
export function markdownSnippets(text: string): Snippet[] {
  const snippets: Snippet[] = [];
  let fence: { mark: string; language: string; indent: number; quoted: boolean; lines: Line[] } | null = null;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, Math.min(end, start + 400));
    if (fence === null) {
      const open = FENCE.exec(line);
      if (open !== null) {
        const [all, mark = "", language = ""] = open;
        const before = all.slice(0, all.indexOf(mark));
        fence = {
          mark,
          language: language.toLowerCase(),
          indent: before.length,
          quoted: before.includes(">"),
          lines: [],
        };
      }
    } else if (isEnd(line, fence.mark)) {
      pushBlock(text, fence, snippets);
      fence = null;
    } else fence.lines.push({ start: start + indentOf(line, fence), end });
    start = end;
  }
  if (fence !== null) pushBlock(text, fence, snippets);
  return snippets;
}

function isEnd(line: string, mark: string): boolean {
  const trimmed = line.trim().replace(/^(?:>[ \t]*)+/, "");
  return trimmed.startsWith(mark) && trimmed === mark.charAt(0).repeat(trimmed.length);
}

// At most as much as stands before the fence is taken away (CommonMark 4.5, "indentation"), quotes included.
function indentOf(line: string, { indent, quoted }: { indent: number; quoted: boolean }): number {
  const taken = quoted ? /^[ \t>]*/ : /^[ \t]*/;
  return Math.min(indent, taken.exec(line.slice(0, indent))?.[0].length ?? 0);
}

function pushBlock(
  text: string,
  { language, lines }: { language: string; lines: Line[] },
  to: Snippet[],
): void {
  if (language !== "" && !LANGUAGES.has(language)) return;
  const session = /console|session|terminal/.test(language) || language === "" || /text/.test(language);
  const shown = lines.map((line) => ({ line, content: text.slice(line.start, line.end) }));
  const dollar = shown.some(({ content }) => isPrompt(content, false));
  const hash = session && !dollar && shown.some(({ content }) => isPrompt(content, true));
  const prompts = dollar || hash;
  // without a name and without prompts, it is whatever it is: only lines that begin with an engine count
  if (
    language === "" &&
    !prompts &&
    !/^\s*(?:sudo\s+)?(?:docker|podman|nerdctl)\s/m.test(text.slice(lines[0]?.start, lines.at(-1)?.end))
  )
    return;
  const pieces: Piece[] = [];
  let open = false;
  for (const { line, content } of shown) {
    const prompt = PROMPT.exec(content.slice(0, 200));
    const counts = prompt !== null && (session || !content.startsWith("# "));
    const strip: number =
      counts && prompts ? (prompt?.[0].length ?? 0) : open && CONTINUED.test(content) ? 2 : 0;
    const taken: boolean = !prompts || strip > 0 || open;
    if (taken) pieces.push({ start: line.start + strip, end: line.end });
    open = taken && /\\\r?\n?$/.test(content);
  }
  if (pieces.length > 0) to.push(snippetOf(text, pieces));
}

function isPrompt(content: string, root: boolean): boolean {
  const found = PROMPT.exec(content.slice(0, 200))?.[0] ?? "";
  if (found === "" || found === "% ") return false;
  return root ? true : found !== "# ";
}
