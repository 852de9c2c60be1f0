// Why we say something else than hadolint 2.15.1 of a real Dockerfile, by code and by what stands there. A
// difference that is not listed here has no known reason.

const THEIRS = "theirs wrong";
const DESIGN = "by design";

/**
 * `who` = whose finding it is alone; `when` looks at the instruction (`text`), at what stands above it (`before`),
 * and at our message.
 *
 * @type {{ codes: RegExp, who: "theirs" | "ours", cause: string, when: (row: object) => boolean, why: string }[]}
 */
const REASONS = [
  {
    codes: /./,
    who: "theirs",
    cause: DESIGN,
    when: ({ before }) => /^SHELL\s+\[.*(?:powershell|pwsh|cmd)/im.test(lastStage(before)),
    why: "they read the text of PowerShell and cmd as if it were bash; we leave both alone",
  },
  {
    codes: /^DL1000$/,
    who: "ours",
    cause: THEIRS,
    when: () => true,
    why: "they accept what the builder refuses: a file without instructions, JSON that is no list of strings, a quote that is not closed",
  },
  {
    codes: /^DL3006$/,
    who: "theirs",
    cause: THEIRS,
    when: ({ text }) => /^FROM\s.*\$/i.test(text),
    why: "they do not put in the default of an ARG, with which the name is that of a stage",
  },
  {
    codes: /^DL(?:3013|3042)$/,
    who: "ours",
    cause: THEIRS,
    when: ({ text }) => /\/pip[\d.]*\s/.test(text),
    why: "they know programs by their bare name only; pip in a virtual environment is called by its path",
  },
  {
    codes: /^DL3025$/,
    who: "theirs",
    cause: THEIRS,
    when: ({ text }) => /^(?:CMD|ENTRYPOINT)\s*\[.*\\/i.test(text),
    why: "they do not know every escape of JSON (RFC 8259, section 7)",
  },
];

function lastStage(text) {
  return text.slice(Math.max(0, text.search(/^FROM\s(?![\s\S]*^FROM\s)/im)));
}

/** The known reason for a difference; null if there is none. */
export function reasonFor({ code, who, message, text, before }) {
  if (who === "both") return null;
  const row = { message, text: text(), before: before() };
  return REASONS.find((reason) => reason.codes.test(code) && reason.who === who && reason.when(row)) ?? null;
}
