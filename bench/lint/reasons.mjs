// Why we say something else than hadolint 2.15.1 of a real Dockerfile, by code and by what stands there. A
// difference that is not listed here has no known reason.

const THEIRS = "theirs wrong";
const DESIGN = "by design";

/**
 * `who` = whose finding it is alone; `when` looks at the instruction (`text`), at what stands above it (`before`),
 * at what they say of it (`theirCodes`), and at our message.
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
    codes: /^SC/,
    who: "ours",
    cause: THEIRS,
    when: ({ theirCodes }) => theirCodes.some((code) => code.startsWith("SC")),
    why: "they tell one ShellCheck finding of an instruction, whatever else is wrong with it: of 541 instructions none has two",
  },
  {
    codes: /^SC/,
    who: "ours",
    cause: DESIGN,
    when: ({ text }) => /^(?:ONBUILD\s+)?(?:CMD|ENTRYPOINT|HEALTHCHECK)\b/i.test(text),
    why: "they read the shell code of RUN only; a shell also runs the plain form of CMD, ENTRYPOINT and HEALTHCHECK",
  },
  {
    codes: /^SC1072$/,
    who: "theirs",
    cause: THEIRS,
    when: ({ text }) => /\\\s*$/.test(text),
    why: "they hand the shell a backslash at the end of the file, where the builder takes it away",
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
export function reasonFor({ code, who, message, text, before, theirCodes }) {
  if (who === "both") return null;
  const row = { message, text: text(), before: before(), theirCodes: theirCodes() };
  return REASONS.find((reason) => reason.codes.test(code) && reason.who === who && reason.when(row)) ?? null;
}
