import { IMAGE } from "../image.ts";
import { words } from "../run.ts";
import { fails, passes, type Situation } from "../situation.ts";

/** Values that look like credentials and open nothing. They must not appear in any report. */
export const SECRETS = {
  GITHUB_TOKEN: `ghp_${"aB3dE5fG7hJ9".repeat(3)}`,
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz",
  DB_PASSWORD: "correct-horse-battery-staple",
};

/** How it is kept running, and what is written about it. */
export const LIFECYCLE: Situation[] = [
  {
    name: "restart-always",
    why: "--restart=always: its count of 0 passes docker-bench 5.15",
    flags: ["--restart=always"],
    expect: [fails("SW-CTR-RESTART", { mention: /always/ })],
  },
  {
    name: "restart-on-failure",
    why: "--restart=on-failure:3",
    flags: ["--restart=on-failure:3"],
    expect: [passes("SW-CTR-RESTART")],
  },
  {
    name: "health",
    why: "a health check",
    flags: ["--health-cmd", "true", "--health-interval", "1h"],
    expect: [passes("SW-CTR-HEALTH")],
  },
  {
    name: "image-stale",
    why: "its tag has moved on to another image since it was started",
    image: "moving:1",
    after: async ({ engine }) => {
      await engine.mustDocker("tag", IMAGE, "moving:1");
    },
    expect: [fails("SW-CTR-IMAGE-STALE", { mention: /moving:1/ })],
  },
  {
    name: "log-none",
    why: "--log-driver none",
    flags: ["--log-driver", "none"],
    expect: [fails("SW-CTR-LOG")],
  },
  {
    name: "env-secret",
    why: "credentials in the environment",
    flags: Object.entries(SECRETS).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    expect: [
      fails("SW-CTR-ENV-SECRET", { mention: /GITHUB_TOKEN/ }),
      fails("SW-CTR-ENV-SECRET", { mention: /DB_PASSWORD/ }),
    ],
  },
  {
    name: "hardened",
    why: "all that can be done with options: nothing high or critical may be found",
    flags: words(`
      --user 1000:1000 --security-opt no-new-privileges --cap-drop ALL --read-only
      --tmpfs /tmp:rw,noexec,nosuid,nodev,size=16m --memory 64m --memory-swap 64m --pids-limit 64 --cpus 0.5
      --ulimit nofile=1024:1024 --ulimit core=0 --network own --restart=on-failure:3 --cgroupns=private
      --health-cmd true --health-interval 1h --log-opt max-size=10m --log-opt max-file=3`),
    expect: [
      passes("SW-CTR-USER-ROOT"),
      passes("SW-CTR-USER-DRIFT"),
      passes("SW-CTR-NNP"),
      passes("SW-CTR-CAP-DEFAULT"),
      passes("SW-CTR-CAP-DANGEROUS"),
      passes("SW-CTR-PRIVILEGED"),
      passes("SW-CTR-SECCOMP-OFF"),
      passes("SW-CTR-ROOTFS-WRITABLE"),
      passes("SW-CTR-TMPFS-FLAGS"),
      passes("SW-CTR-MEMORY"),
      passes("SW-CTR-CPU"),
      passes("SW-CTR-PIDS"),
      passes("SW-CTR-ULIMITS"),
      passes("SW-CTR-NET-RAW"),
      passes("SW-CTR-BRIDGE-DEFAULT"),
      passes("SW-CTR-RESTART"),
      passes("SW-CTR-HEALTH"),
      passes("SW-CTR-CGROUPNS-HOST"),
      passes("SW-CTR-LOG"),
    ],
  },
];
