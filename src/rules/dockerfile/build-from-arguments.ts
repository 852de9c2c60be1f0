import type { Dockerfile, Stage } from "#model/evidence/dockerfile.ts";
import type { Fix, Range } from "#model/text.ts";
import { expand, type Variables } from "#evidence/dockerfile/expand.ts";
import { nearest } from "#evidence/dockerfile/nearest.ts";
import { isReference } from "#evidence/dockerfile/reference.ts";
import { globalVariables, PLATFORM_ARGS } from "#evidence/dockerfile/stages.ts";
import { page, type Rule, rule } from "../rule.ts";
import { type EditedFile, fixOf, replaced } from "./facts/instruction-edits.ts";
import { type Fault, failures, shown } from "./facts/instruction-findings.ts";

const undeclared = rule({
  id: "SW-DF-FROM-ARG",
  subject: "dockerfile",
  title: "FROM uses an ARG that is not declared before it",
  severity: "high",
  risk: "The builder puts nothing in its place, whatever --build-arg says: another image, another platform, or a build that fails.",
  countermeasure: "Declare it before the first FROM; what a stage declares does not hold there.",
  remediation: { dockerfile: "ARG VERSION=12 before the first FROM" },
  aliases: ["UndefinedArgInFrom"],
  references: [
    page(
      "Docker build checks: UndefinedArgInFrom",
      "https://docs.docker.com/reference/build-checks/undefined-arg-in-from/",
    ),
    page(
      "Dockerfile reference: how ARG and FROM interact",
      "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    ),
  ],
  examples: {
    bad: "FROM debian:${VERSION}",
    good: "ARG VERSION=12\nFROM debian:${VERSION}",
  },
  judge: ({ path, dockerfile }) => {
    const written = dockerfile.stages.filter(({ from }) => usesVariables(from));
    if (written.length === 0) return [];
    const declared = new Set([...PLATFORM_ARGS, ...globalNames(dockerfile)]);
    return failures(written.flatMap((stage) => undeclaredIn({ path, dockerfile }, stage, declared)));
  },
});

const standard = rule({
  id: "SW-DF-FROM-DEFAULT",
  subject: "dockerfile",
  title: "FROM names no image unless the build is given arguments",
  severity: "low",
  risk: "docker build, editors and scanners that pass no --build-arg fail on the file, or take it for one without an image.",
  countermeasure: "Give the ARG a default that makes a whole image name.",
  remediation: { dockerfile: "ARG VERSION=12" },
  aliases: ["InvalidDefaultArgInFrom"],
  references: [
    page(
      "Docker build checks: InvalidDefaultArgInFrom",
      "https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/",
    ),
  ],
  examples: { bad: "ARG VERSION\nFROM debian:${VERSION}", good: "ARG VERSION=12\nFROM debian:${VERSION}" },
  judge: ({ dockerfile }, { settings: { preset } }) => {
    const globals = globalVariables(dockerfile);
    // As on the machine of most people: names made of platform arguments are to be whole as well.
    const defaults: Variables = { get: (name) => USUAL.get(name) ?? globals.get(name) };
    const declared = new Set([...PLATFORM_ARGS, ...globalNames(dockerfile)]);
    return failures(
      dockerfile.stages.flatMap(({ from, base }): Fault[] => {
        const image = from.from?.image;
        if (image === undefined || base !== null || !image.raw.includes("$")) return [];
        const { text, unknown, uses, error } = expand(image.raw, defaults, dockerfile.escape);
        if (unknown || error !== null || isReference(text)) return [];
        // The rule above says more of those that are not declared at all.
        if (preset !== "hadolint" && uses.some(({ name }) => !declared.has(name))) return [];
        const result = text === "" ? "an empty name" : `"${shown(text)}"`;
        return [
          {
            message: `with the default values of its ARGs ${shown(image.raw)} is no image name but ${result}`,
            range: image.range,
            key: image.raw,
          },
        ];
      }),
    );
  },
});

export default [undeclared, standard] satisfies Rule<"dockerfile">[];

const USUAL = new Map([
  ...["BUILD", "TARGET"].flatMap((side): [string, string][] => [
    [`${side}PLATFORM`, "linux/amd64"],
    [`${side}OS`, "linux"],
    [`${side}OSVERSION`, ""],
    [`${side}ARCH`, "amd64"],
    [`${side}VARIANT`, ""],
  ]),
  ["TARGETSTAGE", "default"],
]);

function globalNames({ globalArgs }: Dockerfile): string[] {
  return globalArgs.flatMap(({ pairs }) => pairs.map(({ name }) => name.value));
}

function usesVariables({ from, flags }: Stage["from"]): boolean {
  return (from?.image.raw.includes("$") ?? false) || flags.some(({ value }) => value?.includes("$") ?? false);
}

function undeclaredIn(file: EditedFile, { from }: Stage, declared: ReadonlySet<string>): Fault[] {
  const { escape } = file.dockerfile;
  const image = from.from?.image;
  const texts: { text: string; range: Range }[] = [
    ...from.flags.flatMap(({ name, value, valueRange: range }) =>
      name === "platform" && value !== null && range !== null ? [{ text: value, range }] : [],
    ),
    ...(image === undefined ? [] : [{ text: image.raw, range: image.range }]),
  ];
  const seen = new Set<string>();
  return texts.flatMap(({ text, range }) =>
    expand(text, { get: (name) => (declared.has(name) ? null : undefined) }, escape).uses.flatMap(
      (use): Fault[] => {
        const { name, known, start, end } = use;
        if (known || seen.has(name)) return [];
        seen.add(name);
        const whole = range.end - range.start !== text.length;
        const place = whole ? range : { start: range.start + start, end: range.start + end };
        return [faultOf(file, name, place, declared)];
      },
    ),
  );
}

function faultOf(file: EditedFile, name: string, range: Range, declared: ReadonlySet<string>): Fault {
  const start = `FROM uses the argument ${shown(name)}, which is not declared`;
  const meant = nearest(name, declared);
  if (meant !== null) {
    return {
      message: `${start} (did you mean ${shown(meant)}?)`,
      range,
      key: name,
      fixes: spelled(file, name, range, meant),
    };
  }
  const late = file.dockerfile.instructions.some(
    ({ keyword, stage, pairs }) =>
      keyword === "ARG" && stage !== -1 && pairs.some((pair) => pair.name.value === name),
  );
  return { message: late ? `${start} before the first FROM` : start, range, key: name };
}

function spelled(file: EditedFile, name: string, range: Range, meant: string): Fix[] {
  const at = file.dockerfile.text.indexOf(name, range.start);
  if (at === -1 || at + name.length > range.end) return [];
  return [fixOf(`Write ${meant}`, "unsafe", [replaced(file, { start: at, end: at + name.length }, meant)])];
}
