import { hasSecurityModule } from "../host.ts";
import { words } from "../run.ts";
import { fails, isNotApplicable, passes, type Situation } from "../situation.ts";

/** What the kernel lets it do: capabilities, system calls, devices, the kernel's own files. */
export const POWERS: Situation[] = [
  {
    name: "privileged",
    why: "--privileged: inspect shows neither capabilities nor devices (case 6)",
    flags: ["--privileged"],
    expect: [
      fails("SW-CTR-PRIVILEGED", { severity: "critical" }),
      fails("SW-CTR-CAP-DANGEROUS", { severity: "critical" }),
      // docker-bench 5.22 looks at the words of SecurityOpt, which --privileged does not have.
      fails("SW-CTR-SECCOMP-OFF"),
      isNotApplicable("SW-CTR-SECCOMP-WEAK"),
      fails("SW-CTR-KERNEL-WRITABLE", { mention: /\/sys/ }),
      fails("SW-CTR-MASKS"),
      fails("SW-CTR-DEVICE"),
      fails("SW-CTR-DRIFT-CAPABILITIES", { mention: /CapAdd \[\]/ }),
      fails("SW-CTR-DRIFT-DEVICES"),
      fails("SW-CTR-DRIFT-LABEL", { mention: /--privileged/ }),
    ],
  },
  {
    name: "privileged-drop-all",
    why: "--privileged beats --cap-drop ALL",
    flags: ["--privileged", "--cap-drop", "ALL"],
    expect: [
      fails("SW-CTR-PRIVILEGED", { severity: "critical" }),
      fails("SW-CTR-CAP-DANGEROUS"),
      fails("SW-CTR-DRIFT-CAPABILITIES"),
    ],
  },
  {
    name: "privileged-in-all-but-name",
    why: "all that --privileged brings, option by option (case 7; docker-bench 5.5)",
    flags: words(`
      --cap-add ALL --security-opt seccomp=unconfined --security-opt apparmor=unconfined
      --security-opt systempaths=unconfined --pid=host`).concat("--device-cgroup-rule", "a *:* rwm"),
    expect: [
      fails("SW-CTR-PRIVILEGED", { severity: "critical" }),
      fails("SW-CTR-CAP-DANGEROUS", { severity: "critical" }),
      fails("SW-CTR-SECCOMP-OFF"),
      fails("SW-CTR-DEVICE"),
      fails("SW-CTR-PID-HOST"),
      fails("SW-CTR-DRIFT-PRIVILEGED"),
    ],
  },
  {
    name: "cap-add",
    why: "--cap-add of two that lead to the host",
    flags: ["--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN"],
    expect: [
      fails("SW-CTR-CAP-DANGEROUS", { mention: /SYS_ADMIN.*NET_ADMIN/s }),
      passes("SW-CTR-PRIVILEGED"),
      passes("SW-CTR-DRIFT-CAPABILITIES"),
    ],
  },
  {
    name: "cap-all",
    why: "--cap-add ALL alone",
    flags: ["--cap-add", "ALL"],
    expect: [fails("SW-CTR-CAP-DANGEROUS", { severity: "critical" }), passes("SW-CTR-PRIVILEGED")],
  },
  {
    name: "cap-drop-all",
    why: "--cap-drop ALL as root",
    flags: ["--cap-drop", "ALL"],
    expect: [passes("SW-CTR-CAP-DEFAULT"), passes("SW-CTR-CAP-DANGEROUS"), passes("SW-CTR-NET-RAW")],
  },
  {
    name: "cap-ambient",
    why: "ambient capabilities, which every program it starts gets",
    command: words("setpriv --inh-caps +net_bind_service --ambient-caps +net_bind_service sleep 100000"),
    expect: [fails("SW-CTR-CAP-AMBIENT", { mention: /NET_BIND_SERVICE/ })],
  },
  {
    name: "seccomp-off",
    why: "--security-opt seccomp=unconfined",
    flags: ["--security-opt", "seccomp=unconfined"],
    expect: [
      fails("SW-CTR-SECCOMP-OFF", { severity: "high" }),
      isNotApplicable("SW-CTR-SECCOMP-WEAK"),
      passes("SW-CTR-DRIFT-SECCOMP"),
    ],
  },
  {
    name: "seccomp-allow-all",
    why: "a profile that allows everything: Seccomp is 2, and means nothing (docker-bench 5.22)",
    flags: ({ folder }) => ["--security-opt", `seccomp=${folder}/allow-all.json`],
    expect: [passes("SW-CTR-SECCOMP-OFF"), fails("SW-CTR-SECCOMP-WEAK")],
  },
  {
    name: "seccomp-log",
    why: "a profile that only logs (docker-bench 5.22)",
    flags: ({ folder }) => ["--security-opt", `seccomp=${folder}/log.json`],
    expect: [passes("SW-CTR-SECCOMP-OFF"), fails("SW-CTR-SECCOMP-WEAK")],
  },
  {
    name: "nnp",
    why: "--security-opt no-new-privileges",
    flags: ["--security-opt", "no-new-privileges"],
    expect: [passes("SW-CTR-NNP"), passes("SW-CTR-DRIFT-NNP")],
  },
  {
    name: "nnp-false",
    why: "no-new-privileges:false has the words and not the thing (case 5; docker-bench 5.26)",
    flags: ["--security-opt", "no-new-privileges:false"],
    expect: [fails("SW-CTR-NNP"), fails("SW-CTR-DRIFT-NNP")],
  },
  {
    name: "apparmor-option",
    why: "engines accept a profile also where AppArmor is not active",
    flags: ["--security-opt", "apparmor=docker-default"],
    expect: [
      hasSecurityModule("apparmor")
        ? passes("SW-CTR-APPARMOR")
        : fails("SW-CTR-APPARMOR", { mention: /not active/ }),
    ],
  },
  {
    name: "selinux-option",
    why: "any SecurityOpt passes docker-bench 5.3, with or without SELinux",
    flags: ["--security-opt", "label=type:container_t"],
    expect: hasSecurityModule("selinux") ? [] : [fails("SW-CTR-SELINUX", { mention: /not active/ })],
  },
  {
    name: "masks-off",
    why: "--security-opt systempaths=unconfined leaves SecurityOpt empty (case 9)",
    flags: ["--security-opt", "systempaths=unconfined"],
    expect: [
      fails("SW-CTR-MASKS"),
      fails("SW-CTR-KERNEL-WRITABLE", { mention: /\/proc\/sys/ }),
      fails("SW-CTR-DRIFT-MASKS"),
    ],
  },
  {
    name: "device",
    why: "--device of a block device, to read",
    flags: ({ folder }) => ["--device", `${folder}/disk:/dev/disk:r`],
    expect: [fails("SW-CTR-DEVICE", { mention: /7:200|\/dev\/disk/ }), passes("SW-CTR-DRIFT-DEVICES")],
  },
  {
    name: "device-rule",
    why: "--device-cgroup-rule opens every disk, and Devices is [] (case 10)",
    flags: ["--device-cgroup-rule", "b *:* rwm"],
    expect: [fails("SW-CTR-DEVICE", { mention: /b \*:\*/ }), fails("SW-CTR-DRIFT-DEVICES")],
  },
  {
    name: "sysctl",
    why: "--sysctl that makes it a router",
    flags: ["--sysctl", "net.ipv4.ip_forward=1", "--sysctl", "net.ipv4.conf.all.accept_redirects=1"],
    expect: [fails("SW-CTR-SYSCTL")],
  },
];
