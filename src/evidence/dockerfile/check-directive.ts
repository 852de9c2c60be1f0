import type { Dockerfile, SyntaxProblem } from "#model/evidence/dockerfile.ts";
import { shownWord } from "./shown.ts";

const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** What the builder refuses of `# check=skip=…;experimental=…;error=…` (moby/buildkit, linter/linter.go). */
export function checkProblem({ directives }: Pick<Dockerfile, "directives">): SyntaxProblem[] {
  const check = directives.find(({ name }) => name === "check");
  if (check === undefined) return [];
  const [value = ""] = check.value.split(" ", 1);
  const fault = value
    .split(";")
    .map(optionFault)
    .find((each) => each !== null);
  return fault === undefined || fault === null
    ? []
    : [{ code: "directive", message: fault, range: check.valueRange }];
}

function optionFault(option: string): string | null {
  const equals = option.indexOf("=");
  const key = option.slice(0, equals === -1 ? undefined : equals).trim();
  if (equals === -1 || !["skip", "experimental", "error"].includes(key)) {
    return `the directive check takes skip=, experimental= or error=, not ${shownWord(option) || "nothing"}`;
  }
  const value = option.slice(equals + 1).trim();
  return key === "error" && !BOOLEAN.test(value)
    ? `error= of the directive check is true or false, not ${shownWord(value) || "empty"}`
    : null;
}
