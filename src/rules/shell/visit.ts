import { forEachChild, type SyntaxNode } from "unbash";
import { same, scriptOffsets, type Offsets } from "#evidence/shell/offsets.ts";
import type { ShellBody } from "#model/evidence/shell.ts";
import { LEVELS } from "./levels.ts";
import type { ShellEdit, ShellFix, ShellIssue } from "./issue.ts";
import type { Span } from "./tree.ts";

/** What a caller may want to be judged otherwise. */
export interface ShellOptions {
  /** Take variables that the builder sets for words without blanks, as hadolint does. */
  builderVariablesAreWords: boolean;
  /**
   * Which ShellCheck to agree with: `0.9` of Debian 12, or `newest`, which no longer says some things that are
   * mostly meant (`a && b || true`, `cat f | g`) or in POSIX by now (`set -o pipefail`), and knows `cp -r`.
   */
  release: "0.9" | "newest";
}

/** The state of one walk over the tree of a body. */
export interface Visit {
  readonly body: ShellBody;
  readonly options: ShellOptions;
  /** What ShellCheck would take the body for. */
  readonly dialect: Dialect;
  /** Neither arrays nor `[[`: sh, dash, busybox. */
  readonly posix: boolean;
  /** The text that positions of the nodes at hand count in. */
  source: string;
  /** From there to the body's text. */
  local: Offsets;
  /** From the script to the parent of the node at hand. */
  readonly path: SyntaxNode[];
  readonly found: ShellIssue[];
  /** What checks keep for the length of the walk; see {@link slot}. */
  readonly slots: unknown[];
}

export type Dialect = "sh" | "dash" | "busybox" | "bash" | "ksh";

/** What a check does when the walk comes to a node of a kind, and when it is over. */
export type Check = {
  [T in SyntaxNode["type"]]?: (node: Extract<SyntaxNode, { type: T }>, visit: Visit) => void;
} & { begin?: (visit: Visit) => void; end?: (visit: Visit) => void };

type Handler = (node: SyntaxNode, visit: Visit) => void;
type Hook = (visit: Visit) => void;

/** Checks put together for one walk. */
export interface Checks {
  handlers: ReadonlyMap<string, readonly Handler[]>;
  begin: readonly Hook[];
  end: readonly Hook[];
}

/** Sorts checks by the kinds of nodes that they look at. */
export function checks(all: readonly Check[]): Checks {
  const handlers = new Map<string, Handler[]>();
  const begin: Hook[] = [];
  const end: Hook[] = [];
  for (const check of all) {
    if (check.begin !== undefined) begin.push(check.begin);
    if (check.end !== undefined) end.push(check.end);
    for (const [type, handler] of Object.entries(check)) {
      if (type === "begin" || type === "end") continue;
      const known = handlers.get(type);
      if (known === undefined) handlers.set(type, [handler as Handler]);
      else known.push(handler as Handler);
    }
  }
  return { handlers, begin, end };
}

/** Walks the tree once, each node before its children, and runs the checks. */
export function walk(visit: Visit, { handlers, begin, end }: Checks): void {
  const { script } = visit.body;
  if (script === null) return;
  for (const hook of begin) hook(visit);
  step(script);
  for (const hook of end) hook(visit);

  function step(node: SyntaxNode): void {
    const own = handlers.get(node.type);
    if (own !== undefined) for (const handler of own) handler(node, visit);
    switch (node.type) {
      case "Literal":
      case "SingleQuoted":
      case "SimpleExpansion":
        return;
      case "CommandExpansion":
        if (node.script?.source !== undefined) {
          const { source, local } = visit;
          visit.path.push(node);
          visit.local = scriptOffsets(node, local);
          visit.source = node.script.source;
          step(node.script);
          visit.local = local;
          visit.source = source;
          visit.path.pop();
          return;
        }
    }
    visit.path.push(node);
    forEachChild(node, step);
    visit.path.pop();
  }
}

let slots = 0;

/**
 * A place for what a check keeps for the length of one walk. (A map by the walk would do as well, but weak maps
 * are dear to collect.)
 *
 * @param make what it holds at first
 */
export function slot<T>(make: () => T): (visit: Visit) => T {
  const own = slots++;
  return ({ slots: all }) => (all[own] ??= make()) as T;
}

/** Begins a walk. */
export function startVisit(body: ShellBody, options: ShellOptions): Visit {
  const { dialect } = body;
  const known = dialect === "powershell" || dialect === "cmd" || dialect === "other" ? "sh" : dialect;
  return {
    body,
    options,
    dialect: known,
    posix: known !== "bash" && known !== "ksh",
    source: body.text,
    local: same,
    path: [],
    found: [],
    slots: [],
  };
}

/** Notes a finding. Edits of `fix` count like the node; within decoded backquotes they are left out. */
export function report(
  visit: Visit,
  code: number,
  at: Span,
  message: string,
  fix?: ShellFix,
  meant?: boolean,
): void {
  const { local, found, source, body } = visit;
  const issue: ShellIssue = {
    code,
    range: { start: local(at.pos), end: local(at.end) },
    message,
    severity: LEVELS[code] ?? "warning",
  };
  if (fix !== undefined && source === body.text) issue.fix = fix;
  if (meant === true) issue.meant = true;
  found.push(issue);
}

/** The parent of the node at hand; `up` = 1 is the parent's parent. */
export function parentOf({ path }: Visit, up = 0): SyntaxNode | undefined {
  return path[path.length - 1 - up];
}

/** Puts text on both sides of a stretch. */
export function around({ pos, end }: Span, before: string, after: string = before): ShellEdit[] {
  return [
    { start: pos, end: pos, text: before },
    { start: end, end, text: after, after: true },
  ];
}
