import { must } from "../run.ts";
import { fails, passes, type Site, type Situation } from "../situation.ts";

/** What of the host is shown inside, and what can be written. */
export const MOUNTS: Situation[] = [
  {
    name: "etc-rw",
    why: "/etc of the host, writable",
    flags: ["-v", "/etc:/host-etc"],
    expect: [fails("SW-CTR-MOUNT-SENSITIVE", { mention: /\/etc.*\/host-etc|\/host-etc.*\/etc/s })],
  },
  {
    name: "etc-ro",
    why: "/etc of the host, read-only",
    flags: ["-v", "/etc:/host-etc:ro"],
    expect: [fails("SW-CTR-MOUNT-SENSITIVE", { mention: /\/etc/ })],
  },
  {
    name: "root-rw",
    why: "/ of the host, writable: the engine's socket is in it (docker-bench 5.32)",
    flags: ["-v", "/:/host"],
    expect: [
      fails("SW-CTR-MOUNT-SENSITIVE", { severity: "critical", mention: /\/host/ }),
      fails("SW-CTR-ENGINE-SOCKET", { severity: "critical", mention: /\/host\/.*docker\.sock/ }),
    ],
  },
  {
    name: "root-ro",
    why: "-v /:/host:ro leaves the mounts below it writable (case 13; docker-bench 5.6)",
    // Docker 25 and newer make them read-only as well, unless told otherwise.
    flags: ({ major }) =>
      major < 25
        ? ["-v", "/:/host:ro"]
        : ["--mount", "type=bind,source=/,target=/host,readonly,bind-recursive=writable"],
    expect: [
      fails("SW-CTR-MOUNT-SUBMOUNT", { mention: /\/host\/(?:dev|proc|sys)/ }),
      fails("SW-CTR-MOUNT-SENSITIVE"),
      fails("SW-CTR-ENGINE-SOCKET"),
    ],
  },
  {
    name: "propagation-shared",
    why: "a volume with propagation shared",
    flags: ({ folder }) => ["-v", `${folder}/shared:/shared:shared`],
    expect: [fails("SW-CTR-MOUNT-PROPAGATION", { mention: /\/shared/ })],
  },
  {
    name: "propagation-rshared",
    why: "a volume with propagation rshared",
    flags: ({ folder }) => ["-v", `${folder}/shared:/shared:rshared`],
    expect: [fails("SW-CTR-MOUNT-PROPAGATION")],
  },
  {
    name: "propagation-slave",
    why: "a volume with propagation rslave, which passes nothing back",
    flags: ({ folder }) => ["-v", `${folder}/shared:/shared:rslave`],
    expect: [passes("SW-CTR-MOUNT-PROPAGATION")],
  },
  {
    name: "socket",
    why: "the engine's socket, read-only, which does not stop connect(2)",
    flags: ({ engine }) => ["-v", `${engine.socket}:/var/run/docker.sock:ro`],
    expect: [fails("SW-CTR-ENGINE-SOCKET", { severity: "critical", mention: /\/var\/run\/docker\.sock/ })],
  },
  {
    name: "socket-folder",
    why: "the folder of the engine's socket: the words docker.sock stand nowhere (case 14; docker-bench 5.32)",
    flags: ({ folder }) => ["-v", `${folder}/run:/hostrun:ro`],
    expect: [fails("SW-CTR-ENGINE-SOCKET", { severity: "critical", mention: /\/hostrun\/docker\.sock/ })],
  },
  {
    name: "link",
    why: "/etc of the host through a symbolic link (case 11; docker-bench 5.6)",
    flags: ({ folder }) => ["-v", `${folder}/link:/data`],
    expect: [
      fails("SW-CTR-MOUNT-SENSITIVE", { mention: /\/etc/ }),
      fails("SW-CTR-DRIFT-MOUNT-SOURCE", { mention: /\/link.*\/etc|\/etc.*\/link/s }),
    ],
  },
  {
    name: "volume-bind",
    why: "/etc of the host through a volume of the local driver (case 12; docker-bench 5.6)",
    flags: ["-v", "disguised:/data"],
    expect: [
      fails("SW-CTR-MOUNT-SENSITIVE", { mention: /\/etc/ }),
      fails("SW-CTR-DRIFT-MOUNT-SOURCE", { mention: /\/etc/ }),
    ],
  },
  {
    name: "volume",
    why: "a volume as it is meant",
    flags: ["-v", "ordinary:/data"],
    expect: [
      passes("SW-CTR-MOUNT-SENSITIVE"),
      passes("SW-CTR-DRIFT-MOUNT-SOURCE"),
      passes("SW-CTR-MOUNT-UNDECLARED"),
    ],
  },
  {
    name: "late-mount",
    why: "/etc of the host mounted after the start, by open_tree and move_mount (case 16)",
    after: mountLate,
    expect: [fails("SW-CTR-MOUNT-UNDECLARED", { severity: "critical", mention: /\/etc.*\/late/s })],
  },
  {
    name: "volumes-from",
    why: "--volumes-from another container",
    flags: ["--volumes-from", "volume"],
    expect: [fails("SW-CTR-VOLUMES-FROM")],
  },
  {
    name: "proc-sys",
    why: "the host's /proc/sys, writable",
    flags: ["-v", "/proc/sys:/host-sys"],
    expect: [fails("SW-CTR-MOUNT-SENSITIVE", { mention: /\/proc\/sys/ })],
  },
  {
    name: "read-only",
    why: "--read-only",
    flags: ["--read-only"],
    expect: [passes("SW-CTR-ROOTFS-WRITABLE")],
  },
  {
    name: "read-only-tmpfs",
    why: "--read-only with a place to write",
    flags: ["--read-only", "--tmpfs", "/tmp"],
    expect: [passes("SW-CTR-ROOTFS-WRITABLE"), passes("SW-CTR-TMPFS-FLAGS")],
  },
  {
    name: "tmpfs-flags",
    why: "--tmpfs with exec, suid and dev",
    flags: ["--tmpfs", "/scratch:exec,suid,dev"],
    expect: [fails("SW-CTR-TMPFS-FLAGS", { mention: /\/scratch/ })],
  },
];

// open_tree(2), setns(2), move_mount(2): the tree is taken in the host's namespace and attached in the
// container's, which mount(2) alone refuses. Perl is part of every Debian, and has no function for these.
async function mountLate({ engine }: Site, pid: number): Promise<void> {
  await engine.mustDocker("exec", "late-mount", "mkdir", "/late");
  const setns = { x64: 308, arm64: 268 }[process.arch as string] ?? 0;
  const script = `
    my ($source, $target, $none) = ("/etc", "/late", "");
    my $tree = syscall(428, -100, $source, 1);
    die "open_tree: $!" if $tree < 0;
    open(my $namespace, "<", "/proc/${pid}/ns/mnt") or die "open: $!";
    syscall(${setns}, fileno($namespace), 0x20000) == 0 or die "setns: $!";
    syscall(429, $tree, $none, -100, $target, 4) == 0 or die "move_mount: $!";`;
  await must("perl", ["-e", script]);
}
