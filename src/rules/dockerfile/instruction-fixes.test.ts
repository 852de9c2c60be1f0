import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dockerfile, DockerfileEvidence } from "#model/evidence/dockerfile.ts";
import { PRESETS, type Preset, type RuleSettings } from "#model/settings.ts";
import { applyEdits } from "#model/text-edits.ts";
import type { Judgement, Rule } from "../rule.ts";
import { dockerfileOf, fileContext } from "../testing.ts";
import addRemote from "./add-remote.ts";
import add from "./add.ts";
import consecutiveRuns from "./consecutive-runs.ts";
import copyContext from "./copy-context.ts";
import copyDestination from "./copy-destination.ts";
import copyFrom from "./copy-from.ts";
import copyOwner from "./copy-owner.ts";
import copySecrets from "./copy-secrets.ts";
import directiveTypo from "./directive-typo.ts";
import entrypoint from "./entrypoint.ts";
import envPath from "./env-path.ts";
import envSecrets from "./env-secrets.ts";
import envSelfReference from "./env-self-reference.ts";
import expose from "./expose.ts";
import healthcheck from "./healthcheck.ts";
import imageDigest from "./image-digest.ts";
import imagePlatform from "./image-platform.ts";
import imageRegistry from "./image-registry.ts";
import imageTag from "./image-tag.ts";
import inlineIgnore from "./inline-ignore.ts";
import jsonForm from "./json-form.ts";
import labelKey from "./label-key.ts";
import labelRepeated from "./label-repeated.ts";
import labelSchema from "./label-schema.ts";
import maintainer from "./maintainer.ts";
import onbuild from "./onbuild.ts";
import order from "./order.ts";
import repeated from "./repeated.ts";
import runIsolation from "./run-isolation.ts";
import scratchShell from "./scratch-shell.ts";
import secretMounts from "./secret-mounts.ts";
import sensitiveFolders from "./sensitive-folders.ts";
import shellForm from "./shell-form.ts";
import stageGraph from "./stage-graph.ts";
import stageNames from "./stage-names.ts";
import stopSignal from "./stop-signal.ts";
import syntax from "./syntax.ts";
import userMissing from "./user-missing.ts";
import userName from "./user-name.ts";
import userOrder from "./user-order.ts";
import userRoot from "./user-root.ts";
import volumeWritten from "./volume-written.ts";
import workdir from "./workdir.ts";

const RULES: Rule<"dockerfile">[] = [
  addRemote,
  add,
  consecutiveRuns,
  copyContext,
  copyDestination,
  copyFrom,
  copyOwner,
  copySecrets,
  directiveTypo,
  entrypoint,
  envPath,
  envSecrets,
  envSelfReference,
  expose,
  healthcheck,
  imageDigest,
  imagePlatform,
  imageRegistry,
  imageTag,
  inlineIgnore,
  jsonForm,
  labelKey,
  labelRepeated,
  labelSchema,
  maintainer,
  onbuild,
  order,
  repeated,
  runIsolation,
  scratchShell,
  secretMounts,
  sensitiveFolders,
  shellForm,
  stageGraph,
  stageNames,
  stopSignal,
  syntax,
  userMissing,
  userName,
  userOrder,
  userRoot,
  volumeWritten,
  workdir,
].flat();

// Lines of which each does something to one of the rules, in forms that edits stumble over.
const LINES = [
  "FROM a AS base",
  "FROM --platform=linux/amd64 base",
  "FROM --platform=$TARGETPLATFORM debian:latest AS x",
  "from scratch as Scratch",
  "MAINTAINER Me <me@x.example>",
  'maintainer "You \\',
  '  and me"',
  "LABEL A=1 b=2 \\",
  "      A=3",
  "LABEL A=4",
  "LABEL k v",
  "ENV A=1 B=$A \\",
  "  C=$B",
  "ENV PATH=.:$PATH",
  "ENV X_TOKEN=abc",
  "ARG P=9 A_PASSWORD",
  "WORKDIR rel/x",
  'WORKDIR "r"',
  "WORKDIR /proc",
  "ADD f /f",
  "add x* y/",
  "ADD http://x.example/f /",
  "COPY a b c",
  'COPY ["a", "b", "c"]',
  "COPY --from=x / /",
  "COPY --chmod=0777 .env /e",
  "COPY --chown=me . .",
  "RUN a",
  "RUN b",
  "  RUN c \\",
  "# comment",
  "    d",
  "",
  "RUN <<E",
  "E",
  "RUN [ -e x ] && y",
  "RUN useradd me",
  "RUN chown me /e",
  "RUN --security=insecure --network=host x",
  "USER me",
  "USER root",
  "VOLUME /data /etc",
  "EXPOSE 22 80000",
  "STOPSIGNAL 9",
  "STOPSIGNAL 15",
  "CMD app --x",
  "CMD ['a', 'b']",
  'CMD ["c"]',
  "ENTRYPOINT exec app 'x y' \\",
  "HEALTHCHECK CMD ['x']",
  "HEALTHCHECK NONE",
  "SHELL ['sh', '-c']",
  "ONBUILD ONBUILD RUN x",
  "ONBUILD CMD ['x']",
  "COYP a b",
  "# syntax=x",
  "# escape=`",
  "# sytnax=docker/dockerfile:1",
  "RUN x \\",
  "\\",
  "\t",
];

function judge(
  rule: Rule<"dockerfile">,
  file: DockerfileEvidence,
  settings: Partial<RuleSettings>,
): Judgement[] {
  return [rule.judge(file, fileContext(settings))].flat();
}

const SETTINGS = (preset: Preset): Partial<RuleSettings> => ({
  preset,
  trustedRegistries: ["docker.io/library"],
  labelSchema: { k: "semver", l: "text" },
  strictLabels: true,
});

const dockerfile = fc
  .tuple(
    fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 14 }),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ""));

describe("every rule on instructions and stages", () => {
  it("points into the file, with keys that tell its findings apart", () => {
    fc.assert(
      fc.property(dockerfile, fc.constantFrom(...PRESETS), (text, preset) => {
        const file = dockerfileOf(text);
        for (const rule of RULES) {
          const found = judge(rule, file, SETTINGS(preset));
          const keys = found.map(({ key }) => key);
          expect(new Set(keys).size, `${rule.id}: ${keys.join(" | ")}`).toBe(keys.length);
          for (const { range, message } of found) {
            expect(message).toMatch(/^\S.*[^.\s]$/);
            if (range === undefined) throw new Error(`${rule.id} has no range`);
            expect(range.start).toBeGreaterThanOrEqual(0);
            expect(range.end).toBeGreaterThanOrEqual(range.start);
            expect(range.end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("mends what it offers to mend, breaks nothing, keeps comments, and is then content", () => {
    fc.assert(
      fc.property(dockerfile, fc.constantFrom(...PRESETS), (text, preset) => {
        const file = dockerfileOf(text);
        const before = file.dockerfile;
        for (const rule of RULES) {
          const found = judge(rule, file, SETTINGS(preset));
          const fixes = found.flatMap((judgement) => judgement.fixes?.slice(0, 1) ?? []);
          if (fixes.length === 0) continue;
          const mended = applyEdits(
            text,
            fixes.flatMap(({ edits }) => edits),
          );
          const fresh = dockerfileOf(mended);
          const after = fresh.dockerfile;
          const said = `${rule.id} ${preset}\n${text}\n---\n${mended}`;
          // A comment that becomes the directive that was meant is none any more.
          const kept = rule === directiveTypo ? [] : textsOf(before);
          expect(rule === directiveTypo ? [] : textsOf(after), said).toEqual(kept);
          // With its keyword an instruction gets the faults that nobody could see before.
          const wrong = rule === syntax ? unknownKeywords : ({ problems }: Dockerfile) => problems.length;
          const settled = rule === syntax ? fixes.length : 0;
          expect(wrong(after), said).toBeLessThanOrEqual(wrong(before) - settled);
          if (rule === syntax) continue;
          const left = judge(rule, fresh, SETTINGS(preset));
          // What goes and what comes: a fix may settle more than its own finding, and never makes one anew.
          expect(left.length, said).toBeLessThanOrEqual(found.length - fixes.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never throws, and takes little time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const file = dockerfileOf(`FROM a\n${text}`);
        for (const rule of RULES) judge(rule, file, SETTINGS("strict"));
      }),
      { numRuns: 30 },
    );
    const big = LINES.filter((line) => !line.endsWith("\\") && line !== "RUN <<E").join("\n");
    const file = dockerfileOf(Array.from({ length: 15 }, () => big).join("\n"));
    const started = Date.now();
    for (const rule of RULES) judge(rule, file, SETTINGS("strict"));
    expect(Date.now() - started).toBeLessThan(2500);
  });
});

function unknownKeywords({ problems }: Dockerfile): number {
  return problems.filter(({ code }) => code === "keyword").length;
}

function textsOf({ comments }: Dockerfile): string[] {
  return comments.map(({ text }) => text);
}
