import type { Severity } from "#model/severity.ts";
import { fail, man, page, pass, rule, unknown } from "../rule.ts";
import { type DeviceGrant, deviceGrants, deviceNodesSeen } from "./facts/devices.ts";
import { broughtByPrivileged } from "./facts/state.ts";

// Numbers of Documentation/admin-guide/devices.txt.
const NAMED: readonly [pattern: RegExp, severity: Severity, what: string][] = [
  [/^c 1:1$/, "critical", "physical memory (/dev/mem)"],
  [/^c 1:2$/, "critical", "kernel memory (/dev/kmem)"],
  [/^c 1:4$/, "critical", "I/O ports (/dev/port)"],
  [/^c 1:11$/, "medium", "the kernel's log (/dev/kmsg)"],
  [/^c 10:229$/, "medium", "FUSE"],
  [/^c 10:232$/, "medium", "KVM"],
  [/^c 10:237$/, "high", "control of loop devices"],
  [/^c 10:236$/, "high", "the device mapper"],
  [/^c 195:/, "low", "an NVIDIA graphics card"],
  [/^c 226:/, "low", "a graphics card"],
  [/^c 81:/, "low", "a camera"],
  [/^c 116:/, "low", "sound"],
  [/^c 180:|^c 189:/, "medium", "USB devices"],
  [/^c 21:/, "high", "SCSI commands to disks (sg)"],
];

// The same devices by their usual names, for what is only asked for: no number is known then.
const BY_NAME: readonly [pattern: RegExp, severity: Severity, what: string][] = [
  [/^\/dev\/(?:mem|kmem)$/, "critical", "the memory of the machine"],
  [/^\/dev\/port$/, "critical", "I/O ports"],
  [/^\/dev\/(?:zfs|rbd\d*|disk\/.*)$/, "critical", "storage"],
  [/^\/dev\/loop-control$/, "high", "control of loop devices"],
  [/^\/dev\/sg\d+$/, "high", "SCSI commands to disks"],
  [/^\/dev\/(?:dri|nvidia|kfd|video|snd)/, "low", "graphics, sound or a camera"],
  [/^\/dev\/net\/tun$/, "low", "tunnels of its own network"],
  [/=/, "low", "a device that the runtime chooses"],
];

export default rule({
  id: "SW-CTR-DEVICE",
  subject: "container",
  title: "May use devices of the host",
  severity: "high",
  risk: "A block device is the host's file system below its permissions: who reads it reads every file, who writes it owns the host. Memory and port devices are the machine itself.",
  countermeasure:
    "Give only the device that is needed, read-only where that does (--device /dev/x:/dev/x:r), and run as a user other than root.",
  remediation: {
    run: "drop --device, --device-cgroup-rule and --privileged; or narrow to --device /dev/NAME:/dev/NAME:r",
    compose: "remove the entry of devices: or device_cgroup_rules:, or narrow it to /dev/NAME:/dev/NAME:r",
  },
  cis: ["5.18"],
  aliases: ["CL-0016"],
  references: [
    page("Device controller", "https://docs.kernel.org/admin-guide/cgroup-v1/devices.html"),
    man("mknod.1"),
  ],
  examples: {
    bad: "docker run --device /dev/sda IMAGE",
    good: "docker run --device /dev/video0:/dev/video0:r IMAGE",
  },
  judge: (container) => {
    const brought = broughtByPrivileged(container);
    if (brought !== null) return brought;
    const grants = deviceGrants(container);
    if (!grants.known) return unknown(grants.why);
    const seen = [grants.seen, ...deviceNodesSeen(container)];
    if (grants.value.length === 0) return pass("has the default devices only", [grants.seen]);
    if (grants.value.some(({ number, type }) => type === "a" || number === "*:*")) {
      const kinds = new Set(grants.value.filter(({ number }) => number === "*:*").map(({ type }) => type));
      const all = kinds.has("a") || (kinds.has("b") && kinds.has("c"));
      const what = all ? "every device" : kinds.has("b") ? "every block device" : "every character device";
      return fail(`may use ${what} of the host`, seen, { severity: "critical", key: "all" });
    }
    return grants.value.map((grant) => {
      const { severity, what } = describe(grant);
      const access = grant.access.includes("w") ? "read and write" : "read";
      return fail(`may ${access} ${what}`, seen, {
        severity,
        key: `${grant.type} ${grant.number} ${grant.path}`,
      });
    });
  },
});

function describe({ type, number, path, access }: DeviceGrant): { severity: Severity; what: string } {
  const name = path === null ? `${type} ${number}` : path;
  for (const [pattern, severity, what] of NAMED) {
    if (pattern.test(`${type} ${number}`))
      return { severity, what: `${what}${path === null ? "" : ` as ${path}`}` };
  }
  for (const [pattern, severity, what] of number === "?" ? BY_NAME : []) {
    if (pattern.test(name)) return { severity, what: `${what} (${name})` };
  }
  if (type === "b" || /^\/dev\/(?:sd|vd|xvd|nvme|dm-|mapper\/|loop|mmcblk|md)/.test(path ?? "")) {
    return { severity: access.includes("w") ? "critical" : "high", what: `the disk ${name}` };
  }
  return { severity: "medium", what: `the device ${name}` };
}
