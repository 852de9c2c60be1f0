import { object, texts } from "#evidence/json.ts";

type Body = Record<string, unknown>;

/** One setting that holds a container tighter, in every notation. */
export interface Control {
  id: string;
  /** What it does, as an order. */
  title: string;
  /** Flags of docker run. */
  run: string;
  /** Lines of a Compose service. */
  compose: string;
  /** The body of a create call with it. */
  apply: (body: Body) => Body;
  /** It is in force already. */
  isSet: (body: Body) => boolean;
}

function host(body: Body): Record<string, unknown> {
  return object(body["HostConfig"]);
}

/** The body with changes to its HostConfig. */
function withHost(body: Body, changes: Record<string, unknown>): Body {
  return { ...body, HostConfig: { ...host(body), ...changes } };
}

/** Docker's default capabilities, as create calls name them. */
export const DEFAULT_CAPS = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "SETGID",
  "SETUID",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SYS_CHROOT",
  "MKNOD",
  "AUDIT_WRITE",
  "SETFCAP",
];

/** Drops all capabilities and adds these. */
export function onlyCapabilities(kept: readonly string[]): Control {
  const added = kept.map((name) => ` --cap-add ${name}`).join("");
  return {
    id: "capabilities",
    title: kept.length === 0 ? "Drop all capabilities" : `Drop all capabilities but ${kept.join(", ")}`,
    run: `--cap-drop ALL${added}`,
    compose: `cap_drop: [ALL]${kept.length === 0 ? "" : `\ncap_add: [${kept.join(", ")}]`}`,
    apply: (body) => withHost(body, { Privileged: false, CapDrop: ["ALL"], CapAdd: [...kept] }),
    isSet: (body) => texts(host(body)["CapDrop"]).includes("ALL"),
  };
}

/** Runs as another user than root. */
export function asUser(user: string): Control {
  return {
    id: "user",
    title: `Run as user ${user}`,
    run: `--user ${user}`,
    compose: `user: "${user}"`,
    apply: (body) => ({ ...body, User: user }),
    isSet: (body) => !/^(?:|0|root)(?::|$)/.test(String(body["User"] ?? "")),
  };
}

/** Makes the root file system read-only, with file systems in memory where it writes. */
export function readOnlyRoot(writes: readonly string[]): Control {
  const tmpfs = Object.fromEntries(writes.map((path) => [path, "rw,noexec,nosuid,nodev,size=64m,mode=1777"]));
  return {
    id: "read-only",
    title:
      writes.length === 0
        ? "Make the root file system read-only"
        : `Make the root file system read-only but for ${writes.join(", ")}`,
    run: `--read-only${writes.map((path) => ` --tmpfs ${path}:size=64m,mode=1777`).join("")}`,
    compose: `read_only: true${writes.length === 0 ? "" : `\ntmpfs:${writes.map((path) => `\n  - ${path}:size=64m,mode=1777`).join("")}`}`,
    apply: (body) =>
      withHost(body, { ReadonlyRootfs: true, Tmpfs: { ...object(host(body)["Tmpfs"]), ...tmpfs } }),
    isSet: (body) => host(body)["ReadonlyRootfs"] === true,
  };
}

/** Limits of memory, in bytes. */
export function memoryLimit(bytes: number): Control {
  const megabytes = `${Math.max(6, Math.round(bytes / (1 << 20)))}m`;
  return {
    id: "memory",
    title: `Limit memory to ${megabytes}`,
    run: `--memory ${megabytes} --memory-swap ${megabytes}`,
    compose: `mem_limit: ${megabytes}\nmemswap_limit: ${megabytes}`,
    apply: (body) => withHost(body, { Memory: bytes, MemorySwap: bytes }),
    isSet: (body) => Number(host(body)["Memory"] ?? 0) > 0,
  };
}

/** Controls that need nothing to be found out first. */
export const PLAIN_CONTROLS: readonly Control[] = [
  {
    id: "no-new-privileges",
    title: "Let setuid files give nothing",
    run: "--security-opt no-new-privileges",
    compose: "security_opt: [no-new-privileges:true]",
    apply: (body) =>
      withHost(body, {
        SecurityOpt: [
          ...texts(host(body)["SecurityOpt"]).filter((option) => !option.startsWith("no-new-privileges")),
          "no-new-privileges",
        ],
      }),
    isSet: (body) =>
      texts(host(body)["SecurityOpt"]).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
  },
  {
    id: "seccomp",
    title: "Filter system calls with the engine's profile",
    run: "(drop --security-opt seccomp=unconfined)",
    compose: "(drop security_opt: seccomp:unconfined)",
    apply: (body) =>
      withHost(body, {
        SecurityOpt: texts(host(body)["SecurityOpt"]).filter(
          (option) => !/^seccomp[=:]unconfined$/.test(option),
        ),
      }),
    isSet: (body) =>
      !texts(host(body)["SecurityOpt"]).some((option) => /^seccomp[=:]unconfined$/.test(option)),
  },
  ...(["PidMode", "IpcMode", "UTSMode", "UsernsMode"] as const).map((field): Control => {
    const key = { PidMode: "pid", IpcMode: "ipc", UTSMode: "uts", UsernsMode: "userns" }[field];
    const value = field === "IpcMode" ? "private" : "";
    return {
      id: `${key} namespace`,
      title: `Give it a ${key} namespace of its own`,
      run: field === "IpcMode" ? "--ipc private" : `(drop --${key}=host)`,
      compose: field === "IpcMode" ? "ipc: private" : `(drop ${key}${key === "userns" ? "_mode" : ""}: host)`,
      apply: (body) => withHost(body, { [field]: value }),
      isSet: (body) => !/^(?:host$|container:)/.test(String(host(body)[field] ?? "")),
    };
  }),
  {
    id: "pids",
    title: "Limit it to 200 processes",
    run: "--pids-limit 200",
    compose: "pids_limit: 200",
    apply: (body) => withHost(body, { PidsLimit: 200 }),
    isSet: (body) => Number(host(body)["PidsLimit"] ?? 0) > 0,
  },
  {
    id: "cpu",
    title: "Limit it to one processor",
    run: "--cpus 1",
    compose: 'cpus: "1"',
    apply: (body) => withHost(body, { NanoCpus: 1e9 }),
    isSet: (body) => Number(host(body)["NanoCpus"] ?? 0) > 0 || Number(host(body)["CpuQuota"] ?? 0) > 0,
  },
  {
    id: "network",
    title: "Take its network away",
    run: "--network none",
    compose: "network_mode: none",
    apply: (body) => withHost(body, { NetworkMode: "none" }),
    isSet: (body) => host(body)["NetworkMode"] === "none",
  },
];
