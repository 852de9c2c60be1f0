import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evidence } from "#model/evidence/evidence.ts";
import { got, missing } from "#model/reading.ts";
import type { Report } from "#model/report.ts";
import { FORMAT_NAMES } from "#report/render.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  engine,
  evidence,
  image,
  processEvidence,
} from "#rules/testing.ts";

const CLI = join(import.meta.dirname, "../../bin/seaworthy.js");
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "seaworthy-cli-"));
  save(
    "default.json",
    evidence({ containers: [container()], engines: [engine({ images: got([image()]) })] }),
  );
  save("fine.json", evidence({ host: null, engines: [], containers: [quiet()] }));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function save(name: string, content: Evidence): void {
  fs.writeFileSync(join(folder, name), JSON.stringify(content));
}

/** A container that is not root and holds nothing. */
function quiet() {
  const none = "0000000000000000";
  const process = processEvidence({
    uids: [1000, 1000, 1000, 1000],
    noNewPrivs: true,
    capabilities: { inheritable: none, permitted: none, effective: none, bounding: none, ambient: none },
  });
  return container({
    name: "quiet",
    engine: null,
    declared: got(declaredContainer({ user: "1000" })),
    actual: got(actualContainer({ processes: [process] })),
  });
}

function run(args: string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: options.cwd ?? folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", DOCKER_HOST: "", ...options.env },
    maxBuffer: 64 << 20,
  });
  return { status, stdout, stderr };
}

function report(args: string[]): Report {
  return JSON.parse(run(["check", "--format", "json", ...args]).stdout) as Report;
}

describe("exit codes", () => {
  it.each([
    ["findings at the gate", ["check", "--evidence", "default.json"], 1],
    ["nothing at the gate", ["check", "--evidence", "fine.json"], 0],
    ["a lower gate", ["check", "--evidence", "fine.json", "--fail-on", "low"], 1],
    ["no gate", ["check", "--evidence", "default.json", "--fail-on", "never"], 0],
    ["an unknown option", ["check", "--nothing"], 2],
    ["an unknown command", ["chekc", "--evidence", "fine.json"], 2],
    ["an unknown format", ["check", "--evidence", "fine.json", "--format", "pdf"], 2],
    ["an unknown gate", ["check", "--evidence", "fine.json", "--fail-on", "awful"], 2],
    ["an unknown benchmark", ["audit", "--evidence", "fine.json", "--benchmark", "cis-9"], 2],
    ["a malformed engine address", ["check", "--host", "nonsense"], 2],
    ["a time that is none", ["check", "--timeout", "soon"], 2],
    ["no engine there", ["check", "--host", "unix:///nonexistent/docker.sock"], 3],
    ["a rule that is not known", ["explain", "SW-NOTHING"], 2],
    ["help", ["check", "--help"], 0],
    ["the version", ["--version"], 0],
  ])("%s", (_, args, code) => {
    const { status, stderr } = run(args);
    expect({ status, stderr: status === code ? "" : stderr }).toEqual({ status: code, stderr: "" });
  });

  it("says in one line what is wrong, and shows no stack", () => {
    for (const args of [
      ["--evidence", "none.json"],
      ["--host", "ssh://x"],
      ["--fail-on", "x"],
      ["--policy", "none.yaml"],
    ]) {
      const { status, stderr, stdout } = run(["check", ...args]);
      expect(status).toBe(2);
      expect(stdout).toBe("");
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toMatch(/^seaworthy: /);
      expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
    }
  });
});

describe("evidence files", () => {
  const whole = JSON.stringify(evidence());
  it.each([
    ["cut short", whole.slice(0, 2000), "cut short"],
    ["empty", "", "cut short"],
    ["of something else", '{"a":1}', "not evidence"],
    ["of a later format", whole.replace('"evidenceVersion":1', '"evidenceVersion":99'), "format 99"],
    ["with a hole in it", whole.replace('"engines":[', '"engines":[{"name":7},'), "engines.0"],
    ["not JSON", "hello }", "is not JSON"],
  ])("%s", (name, content, said) => {
    const path = join(folder, `broken-${name.replaceAll(" ", "-")}.json`);
    fs.writeFileSync(path, content);
    const { status, stderr } = run(["check", "--evidence", path]);
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });

  it("that are no files are refused at once", () => {
    for (const path of ["/dev/zero", folder]) {
      const { status, stderr } = run(["check", "--evidence", path]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/is no plain file|is a folder/);
    }
  });

  it("are written for their owner, and judged the same when they come back", () => {
    const kept = join(folder, "kept.json");
    const first = report(["--evidence", "default.json", "--save-evidence", kept]);
    expect(fs.statSync(kept).mode & 0o077).toBe(0);
    const second = report(["--evidence", kept]);
    expect(second.findings).toEqual(first.findings);
  });

  it("leave nothing behind where they cannot be written", () => {
    const { status, stderr } = run([
      "check",
      "--evidence",
      "fine.json",
      "--save-evidence",
      "none/at/all.json",
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain("its folder does not exist");
    expect(fs.readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
  });
});

describe("targets", () => {
  it("limit the report to containers and images of that name", () => {
    const { subjects } = report(["--evidence", "default.json", "web"]);
    expect(subjects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["container web"]);
    expect(report(["--evidence", "default.json", "app:*"]).subjects.map(({ kind }) => kind)).toEqual([
      "image",
    ]);
  });
  it("that match nothing are a mistake, not a clean result", () => {
    const { status, stderr } = run(["check", "--evidence", "default.json", "wbe"]);
    expect(status).toBe(2);
    expect(stderr).toContain("wbe: no container or image of this name (containers: web)");
  });
});

describe("policy and baseline", () => {
  it("an exception covers, an expired one does not and says so", () => {
    const policy = join(folder, "policy.yaml");
    const exception = (expires: string) =>
      `exceptions:\n  - rule: SW-CTR-USER-ROOT\n    subject: web\n    reason: legacy\n    expires: ${expires}\n`;
    fs.writeFileSync(policy, exception("2999-12-31"));
    const covered = report(["--evidence", "default.json", "--policy", policy]);
    expect(covered.findings.find(({ ruleId }) => ruleId === "SW-CTR-USER-ROOT")?.exception?.reason).toBe(
      "legacy",
    );
    fs.writeFileSync(policy, exception("2020-01-01"));
    const expired = report(["--evidence", "default.json", "--policy", policy]);
    expect(expired.findings.find(({ ruleId }) => ruleId === "SW-CTR-USER-ROOT")?.exception).toBeNull();
    expect(JSON.stringify(expired.problems)).toContain("expired");
  });

  it("a policy with mistakes names the line of each", () => {
    const policy = join(folder, "mistakes.yaml");
    fs.writeFileSync(policy, "failOn: hihg\nrules:\n  SW-CTR-PIDHOST: high\n");
    const { status, stderr } = run(["check", "--evidence", "fine.json", "--policy", policy]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/:1:\d+: /);
    expect(stderr).toContain("did you mean SW-CTR-PID-HOST?");
  });

  it("an expired exception is no reason for exit code 3: the work was completed", () => {
    const policy = join(folder, "expired.yaml");
    fs.writeFileSync(
      policy,
      "exceptions:\n  - {rule: SW-CTR-PIDS, subject: quiet, reason: x, expires: 2020-01-01}\n",
    );
    expect(run(["check", "--evidence", "fine.json", "--policy", policy]).status).toBe(0);
  });

  it.each(["json", "sarif"])("a %s report as baseline leaves only what is new", (format) => {
    const before = join(folder, `before.${format}`);
    run(["check", "--evidence", "default.json", "--output", `${format}=${before}`]);
    expect(run(["check", "--evidence", "default.json", "--baseline", before]).status).toBe(0);
    const worse = container({ name: "new" });
    save(
      "worse.json",
      evidence({ containers: [container(), worse], engines: [engine({ images: got([image()]) })] }),
    );
    const after = report(["--evidence", "worse.json", "--baseline", before]);
    const open = after.findings.filter(({ verdict, known }) => verdict === "fail" && !known);
    expect(new Set(open.map(({ subject }) => subject.name))).toEqual(new Set(["new"]));
  });
});

describe("output", () => {
  it.each([...FORMAT_NAMES])(
    "%s goes to a file, whole, and beside it the table to the terminal",
    (format) => {
      const path = join(folder, `out.${format}`);
      const { stdout, stderr } = run([
        "check",
        "--evidence",
        "default.json",
        "--output",
        `${format}=${path}`,
      ]);
      expect(stderr).toBe("");
      expect(stdout).toContain("SW-CTR-USER-ROOT");
      const text = fs.readFileSync(path, "utf8");
      expect(text.length).toBeGreaterThan(200);
      expect(text.endsWith("\n")).toBe(true);
      expect(text).not.toContain("\u001B[");
    },
  );

  it("is silent with --quiet, and without colour where it goes into a pipe", () => {
    expect(run(["check", "--evidence", "default.json", "--quiet"])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "",
    });
    const piped = run(["check", "--evidence", "default.json"], { env: { NO_COLOR: "" } });
    expect(piped.stdout).not.toContain("\u001B[");
  });

  it("shows the benchmark per section in its own numbering", () => {
    const eight = report(["--evidence", "default.json", "--benchmark", "cis-docker-1.8"]).compliance;
    const six = report(["--evidence", "default.json", "--benchmark", "cis-docker-1.6"]).compliance;
    const count = (compliance: Report["compliance"]) =>
      compliance?.sections.flatMap(({ recommendations }) => recommendations).length;
    expect([count(eight), count(six)]).toEqual([118, 117]);
  });

  it("tells problems of a machine format on stderr", () => {
    save(
      "problem.json",
      evidence({ problems: [{ what: "no answer within 2 s", where: "unix:///x.sock", todo: "" }] }),
    );
    const { status, stdout, stderr } = run(["check", "--evidence", "problem.json", "--format", "json"]);
    expect(status).toBe(3);
    expect(stderr).toBe("seaworthy: unix:///x.sock: no answer within 2 s\n");
    expect((JSON.parse(stdout) as Report).summary.complete).toBe(false);
  });

  it("judges the rest where one container does not answer", () => {
    const stuck = container({
      name: "stuck",
      state: "created",
      declared: missing("no answer within 2 s"),
      actual: missing("it does not run"),
      specified: missing("it does not run"),
    });
    save("stuck.json", evidence({ containers: [stuck, container()] }));
    const { findings } = report(["--evidence", "stuck.json"]);
    const verdicts = new Set(
      findings.filter(({ subject }) => subject.name === "stuck").map(({ verdict }) => verdict),
    );
    expect(verdicts.has("unknown")).toBe(true);
    expect(verdicts.has("pass")).toBe(false);
    expect(findings.some(({ subject, verdict }) => subject.name === "web" && verdict === "fail")).toBe(true);
  });
});

describe("shell completion", () => {
  it.each(["bash", "zsh", "fish"])("%s: knows commands, options and rules", (shell) => {
    const { status, stdout } = run(["completion", shell]);
    expect(status).toBe(0);
    for (const word of ["check", "explain", "SW-CTR-PID-HOST", "fail-on"]) expect(stdout).toContain(word);
  });
  it("bash reads it without complaint and completes a command", () => {
    const { stdout } = run(["completion", "bash"]);
    const path = join(folder, "completion.bash");
    fs.writeFileSync(path, stdout);
    const script = `source ${path}; COMP_WORDS=(seaworthy ch); COMP_CWORD=1; _seaworthy; echo "\${COMPREPLY[*]}"`;
    expect(spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trim()).toBe("check");
  });
  it("refuses a shell that it does not know", () => {
    expect(run(["completion", "tcsh"]).status).toBe(2);
  });
});
