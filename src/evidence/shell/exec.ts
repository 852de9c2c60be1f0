import type { Word } from "#model/evidence/dockerfile.ts";
import type { ShellBody, ShellWord } from "#model/evidence/shell.ts";
import { dialectOf, programName } from "./dialect.ts";

/**
 * The JSON form as a body: one command whose words no shell looks at. `$` and quotes in them mean themselves.
 *
 * @param words elements of the array, of which there is at least one
 */
export function execBody(
  words: readonly Word[],
  { program, options, variables }: Pick<ShellBody, "program" | "options" | "variables">,
): ShellBody {
  const [first, ...rest] = words.map(({ raw, value, range }): ShellWord => ({
    raw,
    value,
    static: true,
    range,
  }));
  const range = { start: first?.range.start ?? 0, end: (rest.at(-1) ?? first)?.range.end ?? 0 };
  return {
    text: words.map(({ value }) => value).join(" "),
    origin: (offset) => range.start + offset,
    dialect: dialectOf(program, options),
    program,
    options,
    script: null,
    commands: [
      {
        name: first === undefined ? null : programName(first.value),
        args: rest,
        range,
        nameRange: first?.range ?? range,
        local: { start: 0, end: range.end - range.start },
        assigns: [],
        redirects: [],
        pipe: 0,
        pipes: 1,
        pipeline: 0,
        depth: 0,
      },
    ],
    variables,
    form: "exec",
  };
}
