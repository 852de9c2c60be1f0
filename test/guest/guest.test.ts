import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Evidence } from "#model/evidence/evidence.ts";
import type { Report } from "#model/report.ts";
import { isAtLeast } from "#model/severity.ts";
import { suite } from "../support/packages.ts";
import { must, run } from "../support/run.ts";
import { disagreement, build, checkReport, ROOT } from "../support/seaworthy.ts";
import { type Expectation, fails, isNotApplicable, passes } from "../support/situation.ts";

const HERE = new URL(".", import.meta.url).pathname;
const CACHE = process.env.SEAWORTHY_GUEST_CACHE ?? join(homedir(), ".cache/seaworthy-guest");

const on = (name: string): Pick<Expectation, "subject"> => ({ subject: { kind: "container", name } });
const HOST: Pick<Expectation, "subject"> = { subject: { kind: "host" } };
const ENGINE: Pick<Expectation, "subject"> = { subject: { kind: "engine" } };

const EXPECTED: readonly Expectation[] = [
  passes("SW-CTR-APPARMOR", { ...on("plain"), mention: /docker-default/ }),
  passes("SW-CTR-APPARMOR", on("hardened")),
  fails("SW-CTR-APPARMOR", { ...on("unconfined"), mention: /unconfined/ }),
  fails("SW-CTR-APPARMOR", on("privileged")),
  isNotApplicable("SW-CTR-SELINUX", on("plain")),
  // All capabilities, which the machine that tests run on may not have itself.
  fails("SW-CTR-PRIVILEGED", { ...on("privileged"), severity: "critical", mention: /0{5}1f{10}/ }),
  fails("SW-CTR-CAP-DANGEROUS", { ...on("privileged"), severity: "critical" }),
  fails("SW-CTR-DRIFT-CAPABILITIES", on("privileged")),
  fails("SW-CTR-DEVICE", on("privileged")),
  fails("SW-CTR-KERNEL-WRITABLE", on("privileged")),
  passes("SW-CTR-PRIVILEGED", on("plain")),
  passes("SW-CTR-DEVICE", on("plain")),
  passes("SW-CTR-KERNEL-WRITABLE", on("plain")),
  passes("SW-CTR-MOUNT-UNDECLARED", on("plain")),
  passes("SW-CTR-FOREIGN-PROCESS", on("plain")),
  passes("SW-CTR-PID-HOST", on("plain")),
  passes("SW-CTR-NET-HOST", on("plain")),
  passes("SW-CTR-CGROUPNS-HOST", on("plain")),
  passes("SW-CTR-CGROUP", on("plain")),
  fails("SW-CTR-MEMORY", on("plain")),
  fails("SW-CTR-CPU", on("plain")),
  passes("SW-CTR-MEMORY", { ...on("limited"), mention: /67108864|64 MiB/ }),
  passes("SW-CTR-PIDS", { ...on("limited"), mention: /50/ }),
  passes("SW-CTR-CPU", { ...on("limited"), mention: /0\.5/ }),
  passes("SW-CTR-LIMITS-DRIFT", on("limited")),
  fails("SW-CTR-LIMITS-DRIFT", { ...on("raised"), mention: /268435456|256 MiB/ }),
  passes("SW-CTR-MEMORY", on("hardened")),
  passes("SW-CTR-CAP-DEFAULT", on("hardened")),
  passes("SW-CTR-USER-ROOT", on("hardened")),
  passes("SW-HOST-LSM", { ...HOST, mention: /apparmor/ }),
  passes("SW-HOST-AUDITD", HOST),
  passes("SW-HOST-AUDIT-DOCKERD", HOST),
  passes("SW-HOST-AUDIT-ETC-DOCKER", HOST),
  passes("SW-HOST-AUDIT-DATA-ROOT", HOST),
  fails("SW-HOST-AUDIT-DOCKER-SERVICE", { ...HOST, mention: /not loaded/ }),
  fails("SW-HOST-AUDIT-CONTAINERD-SOCK", HOST),
  passes("SW-HOST-FILE-DOCKER-SERVICE-MODE", { ...HOST, mention: /docker\.service/ }),
  passes("SW-HOST-FILE-DOCKER-SERVICE-OWNER", HOST),
  passes("SW-HOST-FILE-DOCKER-SOCKET-MODE", { ...HOST, mention: /docker\.socket/ }),
  fails("SW-HOST-FILE-DAEMON-JSON-MODE", { ...HOST, mention: /602/ }),
  passes("SW-HOST-FILE-ENGINE-SOCK-MODE", HOST),
  passes("SW-ENGINE-TCP-OPEN", ENGINE),
  passes("SW-ENGINE-SECCOMP", ENGINE),
  passes("SW-ENGINE-CGROUP-PARENT", ENGINE),
  fails("SW-ENGINE-USERNS", ENGINE),
];

suite(
  "a Debian 13 host with AppArmor, cgroup v2, systemd and auditd",
  { packages: ["qemu-system-x86", "qemu-utils", "mmdebstrap", "python3"] },
  () => {
    let out: string;
    let report: Report;
    let evidence: Evidence;

    beforeAll(async () => {
      if (!isBuilt()) await must(join(HERE, "vm-build"), [], { timeoutMs: 1_200_000 });
      out = fs.mkdtempSync(join(tmpdir(), "sw-guest-"));
      build();
      const files = ["bin", "dist", "package.json"].map((name) => join(ROOT, name));
      const args = ["--timeout", "420", "--out", out, join(HERE, "job.sh"), ...files];
      const { code, stderr, stdout } = await run(join(HERE, "vm-run"), args, { timeoutMs: 460_000 });
      if (code !== 0) throw new Error(`the job ended with ${code}: ${stdout}${stderr}`);
      report = JSON.parse(fs.readFileSync(join(out, "report.json"), "utf8")) as Report;
      evidence = JSON.parse(fs.readFileSync(join(out, "evidence.json"), "utf8")) as Evidence;
    }, 1_800_000);

    afterAll(() => {
      if (out !== undefined) fs.rmSync(out, { recursive: true, force: true });
    });

    it.each(
      EXPECTED.map((expected) => {
        const { kind, name = "" } = expected.subject ?? { kind: "" };
        return [`${kind} ${name} ${expected.ruleId}: ${expected.verdict}`, expected] as const;
      }),
    )("%s", (_title, expected) => {
      expect(disagreement(report, expected)).toBeNull();
    });

    it("leaves nothing high or critical on the hardened container", () => {
      const open = report.findings.filter(
        ({ subject, verdict, severity }) =>
          subject.name === "hardened" && verdict === "fail" && isAtLeast(severity, "high"),
      );
      expect(open.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
    });

    it("leaves nothing about the containers unread", () => {
      const unknown = report.findings.filter(
        ({ subject, verdict }) => subject.kind === "container" && verdict === "unknown",
      );
      expect(unknown.map(({ ruleId, subject, message }) => `${ruleId} ${subject.name}: ${message}`)).toEqual(
        [],
      );
      expect(report.problems).toEqual([]);
      expect(fs.readFileSync(join(out, "code"), "utf8").trim()).toBe("1");
    });

    it("knows engine, host and limits as the kernel has them", () => {
      const [engine] = evidence.engines;
      expect(engine?.version).toMatchObject({ ok: true, value: { version: expect.stringMatching(/^26\./) } });
      expect(engine?.info).toMatchObject({
        ok: true,
        value: { cgroupVersion: "2", cgroupDriver: "systemd" },
      });
      expect(evidence.host).toMatchObject({ cgroupVersion: "2", os: { id: "debian", version: "13" } });
      const limited = evidence.containers.find(({ name }) => name === "limited");
      expect(limited?.actual).toMatchObject({
        ok: true,
        value: {
          cgroup: {
            ok: true,
            value: {
              version: 2,
              memoryLimit: { ok: true, value: 67_108_864 },
              pidsLimit: { ok: true, value: 50 },
              cpuLimit: { ok: true, value: 0.5 },
            },
          },
        },
      });
    });

    it("is judged the same from its evidence, on another host", async () => {
      const replay = await checkReport(["--evidence", join(out, "evidence.json")]);
      expect(replay.report.findings).toEqual(report.findings);
    });
  },
);

/** Was the guest in the cache made by the files that lie here now? */
function isBuilt(): boolean {
  const hash = createHash("sha256");
  for (const name of ["vm-build", "vm-agent", "vm-run", "prep.sh"]) {
    hash.update(fs.readFileSync(join(HERE, name)));
  }
  const [state, built] = [join(CACHE, "ready.state"), join(CACHE, "built")];
  if (!fs.existsSync(state) || !fs.existsSync(built)) return false;
  return fs.readFileSync(built, "utf8").trim() === hash.digest("hex");
}
