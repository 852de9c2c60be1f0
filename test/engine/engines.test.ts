import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { CONTAINERD_NEEDS, startContainerd } from "../support/containerd.ts";
import { DOCKERD_NEEDS, type Engine, startDockerd } from "../support/dockerd.ts";
import {
  REMAPPED,
  startRemapped,
  startSwarm,
  startTcp,
  startTls,
  TCP_PORT,
  TLS_PORT,
} from "../support/dockerd-variants.ts";
import { hasSecurityModule, isCgroupV1 } from "../support/host.ts";
import { IMAGE } from "../support/image.ts";
import { suite } from "../support/packages.ts";
import { PODMAN_NEEDS, startPodman } from "../support/podman.ts";
import { ROOTLESS_NEEDS, ROOTLESS_UID, startRootless } from "../support/rootless.ts";
import { disagreement, check, checkReport } from "../support/seaworthy.ts";
import { type Expectation, fails, isNotApplicable, passes } from "../support/situation.ts";

/** An engine as it is started once, what runs on it, and what must be said of it. */
interface EngineCase<E extends Engine> {
  name: string;
  packages: readonly string[];
  start(): Promise<E>;
  /** Flags of `docker run` by name of the container. */
  containers: Record<string, readonly string[]>;
  /** How it is addressed; by its socket unless given. */
  address?(engine: E): string[];
  expect: readonly Expectation[];
  /** More tests, on the running engine. */
  more?(engine: () => E): void;
}

const on = (name: string): Pick<Expectation, "subject"> => ({ subject: { kind: "container", name } });
const ENGINE: Pick<Expectation, "subject"> = { subject: { kind: "engine" } };
const SWARM: Pick<Expectation, "subject"> = { subject: { kind: "swarm" } };

function engineCase<E extends Engine>(example: EngineCase<E>): void {
  const { name, packages, start, containers, address, expect: expected, more } = example;
  suite(name, { packages }, () => {
    let engine: E;
    let report: Report;

    beforeAll(async () => {
      engine = await start();
      for (const [container, flags] of Object.entries(containers)) {
        await engine.mustDocker("run", "--detach", "--name", container, ...flags, IMAGE, "sleep", "100000");
      }
      // Ports are reached from its own network only; all else is looked at from the host, as it is.
      const [args, where] =
        address === undefined
          ? [["--host", `unix://${engine.socket}`], {}]
          : [address(engine), { network: engine.pid }];
      ({ report } = await checkReport([...args, "--timeout", "10"], where));
    });

    afterAll(async () => {
      await engine?.stop();
    });

    it.each(
      expected.map((entry) => {
        const { kind, name: about = "" } = entry.subject ?? { kind: "" };
        return [`${kind} ${about} ${entry.ruleId}: ${entry.verdict}`, entry] as const;
      }),
    )("%s", (_title, entry) => {
      expect(disagreement(report, entry)).toBeNull();
    });

    more?.(() => engine);
  });
}

engineCase({
  name: "dockerd with defaults that inspect does not show",
  packages: DOCKERD_NEEDS,
  start: () =>
    startDockerd(
      {
        config: (folder) => ({
          "no-new-privileges": true,
          "seccomp-profile": join(folder, "allow-all.json"),
          "insecure-registries": ["registry.example.com:5000"],
          debug: true,
        }),
        files: { "allow-all.json": JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW", syscalls: [] }) },
      },
      "lax",
    ),
  containers: { silent: [] },
  expect: [
    // Cases 3 and 4: SecurityOpt is null.
    passes("SW-CTR-NNP", on("silent")),
    fails("SW-CTR-DRIFT-NNP", on("silent")),
    passes("SW-CTR-SECCOMP-OFF", on("silent")),
    fails("SW-CTR-SECCOMP-WEAK", on("silent")),
    fails("SW-CTR-DRIFT-SECCOMP", on("silent")),
    passes("SW-ENGINE-NNP", ENGINE),
    fails("SW-ENGINE-SECCOMP", ENGINE),
    fails("SW-ENGINE-USERNS", ENGINE),
    fails("SW-ENGINE-INSECURE-REGISTRY", { ...ENGINE, mention: /registry\.example\.com:5000/ }),
    fails("SW-ENGINE-LOG-LEVEL", ENGINE),
  ],
});

engineCase({
  name: "dockerd with userns-remap and a config file of another name",
  packages: DOCKERD_NEEDS,
  start: () =>
    startRemapped({
      "no-new-privileges": true,
      icc: false,
      "userland-proxy": false,
      "live-restore": true,
      "default-ulimits": { nofile: { Name: "nofile", Soft: 1024, Hard: 2048 } },
    }),
  containers: { mapped: [], "opted-out": ["--userns=host"] },
  expect: [
    // docker-bench 2.2, 2.8, 2.9, 2.14 and 2.16 do not understand `--config-file FILE`.
    passes("SW-ENGINE-NNP", ENGINE),
    passes("SW-ENGINE-ICC", ENGINE),
    passes("SW-ENGINE-USERLAND-PROXY", ENGINE),
    passes("SW-ENGINE-LIVE-RESTORE", ENGINE),
    passes("SW-ENGINE-ULIMITS", ENGINE),
    fails("SW-ENGINE-USERNS", { ...ENGINE, mention: /opted-out/ }),
    // Case 2: UsernsMode is the same empty text as without a map.
    passes("SW-CTR-USERNS-HOST", on("mapped")),
    fails("SW-CTR-DRIFT-USERNS", { ...on("mapped"), mention: new RegExp(String(REMAPPED.start)) }),
    fails("SW-CTR-USER-ROOT", {
      ...on("mapped"),
      severity: "low",
      mention: new RegExp(String(REMAPPED.start)),
    }),
    passes("SW-CTR-MOUNT-UNDECLARED", on("mapped")),
    passes("SW-CTR-NNP", on("mapped")),
    fails("SW-CTR-USERNS-HOST", { ...on("opted-out"), severity: "high" }),
    fails("SW-CTR-USER-ROOT", { ...on("opted-out"), severity: "high" }),
  ],
});

engineCase({
  name: "dockerd with TLS on TCP, asked through its socket",
  packages: DOCKERD_NEEDS,
  start: startTls,
  containers: {},
  // docker-bench 2.7 says that such a daemon does not listen at all.
  expect: [passes("SW-ENGINE-TCP-OPEN", { ...ENGINE, mention: new RegExp(String(TLS_PORT)) })],
});

engineCase({
  name: "dockerd with TLS on TCP, asked over TCP",
  packages: DOCKERD_NEEDS,
  start: startTls,
  containers: { remote: ["--privileged"] },
  address: ({ certificates }) => {
    const url = `tcp://127.0.0.1:${TLS_PORT}`;
    return ["--host", url, "--tls-cert-path", certificates.client];
  },
  expect: [
    fails("SW-CTR-PRIVILEGED", on("remote")),
    fails("SW-ENGINE-USERNS", ENGINE),
    passes("SW-ENGINE-TCP-OPEN", ENGINE),
    { ruleId: "SW-CTR-FOREIGN-PROCESS", verdict: "unknown", ...on("remote") },
  ],
  more: (engine) => {
    const url = `tcp://127.0.0.1:${TLS_PORT}`;

    it.each([
      [
        "a client of another authority",
        (tls: Awaited<ReturnType<typeof startTls>>) => ["--tls-cert-path", tls.certificates.stranger],
        3,
        /^seaworthy: tcp:.*(?:TLS|certificate)/,
      ],
      ["no certificates", () => [], 3, /^seaworthy: tcp:.*--tls-cert-path/],
      ["a folder that is not there", () => ["--tls-cert-path", "/nonexistent"], 2, /\/nonexistent/],
    ] as const)("says what is wrong with %s", async (_title, args, code, message) => {
      const outcome = await check(["--host", url, ...args(engine())], { network: engine().pid });
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
      expect(outcome.code).toBe(code);
    });
  },
});

engineCase({
  name: "dockerd open on TCP",
  packages: DOCKERD_NEEDS,
  start: startTcp,
  containers: {},
  // docker-bench 2.7 is dead code: it has never found this.
  expect: [fails("SW-ENGINE-TCP-OPEN", { ...ENGINE, mention: new RegExp(String(TCP_PORT)) })],
});

engineCase({
  name: "dockerd open on TCP, asked over TCP",
  packages: DOCKERD_NEEDS,
  start: startTcp,
  containers: {},
  address: () => ["--host", `tcp://127.0.0.1:${TCP_PORT}`],
  expect: [fails("SW-ENGINE-TCP-OPEN", { ...ENGINE, mention: new RegExp(String(TCP_PORT)) })],
});

engineCase({
  name: "dockerd as manager of a swarm",
  packages: DOCKERD_NEEDS,
  start: startSwarm,
  containers: {},
  expect: [
    passes("SW-ENGINE-SWARM-UNUSED", ENGINE),
    fails("SW-SWARM-AUTOLOCK", SWARM),
    passes("SW-SWARM-LISTEN", { ...SWARM, mention: /127\.0\.0\.1/ }),
    passes("SW-SWARM-MANAGERS", SWARM),
    isNotApplicable("SW-SWARM-DATA-PLANE", SWARM),
    passes("SW-NET-OVERLAY-UNENCRYPTED", { subject: { kind: "network", name: "sealed" } }),
    isNotApplicable("SW-NET-OVERLAY-UNENCRYPTED", { subject: { kind: "network", name: "plain" } }),
  ],
});

engineCase({
  name: "rootless dockerd",
  packages: ROOTLESS_NEEDS,
  start: startRootless,
  containers: {
    limited: ["--memory", "64m", "--pids-limit", "50"],
    "net-host": ["--network=host"],
    privileged: ["--privileged"],
  },
  expect: [
    passes("SW-ENGINE-ROOT", ENGINE),
    passes("SW-ENGINE-USERNS", ENGINE),
    passes("SW-CTR-USERNS-HOST", on("limited")),
    fails("SW-CTR-USER-ROOT", {
      ...on("limited"),
      severity: "low",
      mention: new RegExp(String(ROOTLESS_UID)),
    }),
    // Case 21: accepted and not applied. The host network is that of rootlesskit.
    ...(isCgroupV1()
      ? [
          fails("SW-CTR-LIMITS-DRIFT", { ...on("limited"), mention: /memory/ }),
          fails("SW-CTR-LIMITS-DRIFT", { ...on("limited"), mention: /pids|process/ }),
          fails("SW-CTR-MEMORY", on("limited")),
        ]
      : []),
    fails("SW-CTR-NET-HOST", { ...on("net-host"), severity: "low" }),
    fails("SW-CTR-PRIVILEGED", { ...on("privileged"), severity: "medium" }),
  ],
});

engineCase({
  name: "podman",
  packages: PODMAN_NEEDS,
  start: async () => {
    const engine = await startPodman();
    const place = ["--network", "none", "--cgroup-parent", engine.host.cgroupParent];
    const start = (name: string, ...flags: string[]): Promise<string> =>
      engine.mustDocker("run", "--detach", "--name", name, ...place, ...flags, IMAGE, "sleep", "100000");
    await start("ordinary");
    await start("cap-add", "--cap-add", "SYS_ADMIN");
    await start("privileged", "--privileged");
    await start("limits", "--memory", "64m", "--pids-limit", "50");
    await start("hardened", "--user", "1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges");
    return engine;
  },
  containers: {},
  expect: [
    // Its compatible API tells MaskedPaths null for all, and CapAdd without CAP_.
    passes("SW-CTR-MASKS", on("ordinary")),
    passes("SW-CTR-PRIVILEGED", on("ordinary")),
    passes("SW-CTR-SECCOMP-OFF", on("ordinary")),
    passes("SW-CTR-MOUNT-UNDECLARED", on("ordinary")),
    passes("SW-CTR-FOREIGN-PROCESS", on("ordinary")),
    passes("SW-CTR-DRIFT-CAPABILITIES", on("cap-add")),
    fails("SW-CTR-CAP-DANGEROUS", { ...on("cap-add"), mention: /SYS_ADMIN/ }),
    fails("SW-CTR-PRIVILEGED", { ...on("privileged"), severity: "critical" }),
    passes("SW-CTR-MEMORY", on("limits")),
    passes("SW-CTR-PIDS", on("limits")),
    passes("SW-CTR-USER-ROOT", on("hardened")),
    passes("SW-CTR-CAP-DEFAULT", on("hardened")),
    passes("SW-CTR-NNP", on("hardened")),
    isNotApplicable("SW-ENGINE-ICC", ENGINE),
  ],
});

// Containers that no asked engine knows of are found by their shims, beside a dockerd that is asked.
suite("raw containerd", { packages: [...DOCKERD_NEEDS, ...CONTAINERD_NEEDS] }, () => {
  let engine: Engine;
  let containerd: Awaited<ReturnType<typeof startContainerd>>;
  let report: Report;

  beforeAll(async () => {
    engine = await startDockerd({}, "beside");
    containerd = await startContainerd();
    await containerd.start("raw-plain");
    await containerd.start("raw-strong", "--privileged", "--net-host");
    ({ report } = await checkReport(["--host", `unix://${engine.socket}`]));
  });

  afterAll(async () => {
    await containerd?.stop();
    await engine?.stop();
  });

  const cases: Expectation[] = [
    fails("SW-ENGINE-OTHERS", { ...ENGINE, mention: /raw-plain/ }),
    fails("SW-CTR-SECCOMP-OFF", on("raw-plain")),
    passes("SW-CTR-NNP", on("raw-plain")),
    passes("SW-CTR-NET-HOST", on("raw-plain")),
    passes("SW-CTR-PRIVILEGED", on("raw-plain")),
    fails("SW-CTR-NET-HOST", on("raw-strong")),
    fails("SW-CTR-CAP-DANGEROUS", { ...on("raw-strong"), severity: "critical" }),
    fails("SW-CTR-PRIVILEGED", on("raw-strong")),
    hasSecurityModule("apparmor")
      ? fails("SW-CTR-APPARMOR", on("raw-plain"))
      : isNotApplicable("SW-CTR-APPARMOR", on("raw-plain")),
  ];
  it.each(
    cases.map((entry) => [`${entry.subject?.name ?? "engine"} ${entry.ruleId}: ${entry.verdict}`, entry]),
  )("%s", (_title, entry) => {
    expect(disagreement(report, entry as Expectation)).toBeNull();
  });
});
