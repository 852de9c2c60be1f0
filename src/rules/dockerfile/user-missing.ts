import type { Dockerfile, ImageReference, Stage } from "#model/evidence/dockerfile.ts";
import type { Severity } from "#model/severity.ts";
import type { Fix } from "#model/text.ts";
import { matchesGlob } from "#policy/glob.ts";
import { page, rule } from "../rule.ts";
import { type EditedFile, fixOf, inserted, lineEnd, lineStart } from "./facts/instruction-edits.ts";
import { failures, shown } from "./facts/instruction-findings.ts";
import { startUser } from "./facts/image-names.ts";
import { effective, finalStage, isWindows, rootImage, stageTitle } from "./facts/stage-place.ts";

export default rule({
  id: "SW-DF-USER-MISSING",
  subject: "dockerfile",
  title: "Says nowhere as whom it runs",
  severity: "medium",
  risk: "Without USER the base image decides, and nearly all run as root: who takes over the service is root in the container.",
  countermeasure:
    "End with a user of its own, by number. What needs root, such as ports below 1024 or files it must write, needs a capability, another port or another owner.",
  remediation: { dockerfile: "USER 10001:10001 before CMD" },
  cis: ["4.1"],
  aliases: [
    "trivy:DS-0002",
    "checkov:CKV_DOCKER_3",
    "kics:fd54f200",
    "dockle:CIS-DI-0001",
    "droast:DF020",
    "semgrep:missing-user",
  ],
  references: [page("Docker docs: USER", "https://docs.docker.com/build/building/best-practices/#user")],
  examples: {
    bad: 'FROM debian:12\nCMD ["app"]',
    good: 'FROM debian:12\nUSER 10001:10001\nCMD ["app"]',
  },
  judge: ({ path, dockerfile }) => {
    const stage = finalStage(dockerfile);
    if (stage === null || isWindows(dockerfile, stage) || effective(dockerfile, stage, "USER") !== null)
      return [];
    const image = rootImage(dockerfile, stage);
    if (image === null) return [];
    const chosen = stagesMeant(dockerfile, image);
    if (chosen.length > 0 && chosen.every((each) => effective(dockerfile, each, "USER") !== null)) return [];
    const start = startUser(image);
    const runs = effective(dockerfile, stage, "ENTRYPOINT") ?? effective(dockerfile, stage, "CMD");
    // A stage on the empty image without a command is a set of files to take out.
    if (start === "user" || (image.text === "scratch" && runs === null)) return [];
    const name = shown(image.text);
    const [message, severity] = ((): [string, Severity] => {
      if (image.unresolved || start === null) {
        return [`runs as root unless ${name} sets a user: no USER is set here`, "medium"];
      }
      if (start === "steps-down" && effective(dockerfile, stage, "ENTRYPOINT") === null) {
        return [`starts as root: no USER is set, and only the entrypoint of ${name} gives that up`, "low"];
      }
      return [`runs as root: no USER is set, and ${name} sets none`, "medium"];
    })();
    return failures([
      {
        message,
        severity,
        range: stage.from.range,
        key: stageTitle(stage),
        fixes: userFix({ path, dockerfile }, stage),
      },
    ]);
  },
});

/** Stages of this file that an image with a variable in it may be: `FROM build-$TARGETARCH`. */
function stagesMeant({ stages }: Dockerfile, { text, unresolved }: ImageReference): Stage[] {
  if (!unresolved || !text.includes("$")) return [];
  const pattern = text.toLowerCase().replaceAll(/\$\{[^}]*\}|\$\w+/g, "*");
  if (/^\*+$/.test(pattern)) return [];
  return stages.filter(({ name }) => name !== null && matchesGlob(pattern, name.toLowerCase()));
}

/** Sets a user before the command; files and ports may need more than that, so it is never safe. */
function userFix({ path, dockerfile }: EditedFile, stage: Stage): Fix[] {
  const { text } = dockerfile;
  const eol = lineEnd(dockerfile);
  const title = "Run as user 10001";
  const command = firstCommand(dockerfile, stage);
  if (command !== null) {
    const at = lineStart(text, command);
    const indent = text.slice(at, command);
    return [fixOf(title, "unsafe", [inserted({ path }, at, `${indent}USER 10001:10001${eol}`)])];
  }
  const last = stage.instructions.at(-1) ?? stage.from;
  // A heredoc without end, or a line that goes on, would swallow it.
  const lines = text.slice(last.headRange.start, last.headRange.end).split("\n");
  const line = lines.findLast((each) => /^\s*[^#\s]/.test(each)) ?? "";
  const open = last.heredocs.some(({ closed }) => !closed) || line.trimEnd().endsWith(dockerfile.escape);
  if (open) return [];
  const feed = text.indexOf("\n", last.range.end);
  return feed === -1
    ? [fixOf(title, "unsafe", [inserted({ path }, text.length, `${eol}USER 10001:10001`)])]
    : [fixOf(title, "unsafe", [inserted({ path }, feed + 1, `USER 10001:10001${eol}`)])];
}

/** Where the CMD or ENTRYPOINT stands behind which nothing is built any more. */
function firstCommand({ instructions }: Dockerfile, { index, from }: Stage): number | null {
  let found: number | null = null;
  for (let at = instructions.length - 1; at > from.index; at -= 1) {
    const instruction = instructions[at];
    if (instruction === undefined || instruction.stage !== index) break;
    if (
      !["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL", "LABEL", "VOLUME"].includes(
        instruction.keyword,
      )
    )
      break;
    if (instruction.keyword === "CMD" || instruction.keyword === "ENTRYPOINT")
      found = instruction.range.start;
  }
  return found;
}
