import { portBindings } from "#evidence/runline/ports.ts";
import { withDefaults } from "#evidence/runline/values.ts";
import type { ContainerEvidence, DeclaredContainer } from "#model/evidence/container.ts";
import type { Fix, Range, TextEdit } from "#model/text.ts";
import { dropped, inserted, type Line, replaced, rewritten } from "./line.ts";

/** What mends a finding of one rule; null where nothing is known that would. */
type Mend = (
  line: Line,
  key: string,
  declared: DeclaredContainer,
) => { title: string; edits: TextEdit[] } | null;

/** An option as it stands, on one line. */
function shown({ text }: Line, { start, end }: Range): string {
  return text.slice(start, Math.min(end, start + 100)).replace(/\\?\s+/g, " ");
}

/** Takes the option out that stands at `path`, or at path and key. */
function drop(path: string, keyed = false): Mend {
  return (line, key) => {
    const { places } = line.declaredIn;
    const place = places[keyed ? `${path} ${key}` : path];
    return place === undefined ? null : { title: `Drop ${shown(line, place)}`, edits: dropped(line, place) };
  };
}

/** Adds options, in place of the one at `path` if there is one. */
function add(options: string, path?: string): Mend {
  return (line) => {
    const before = path === undefined ? undefined : line.declaredIn.places[path];
    return { title: `Add ${options}`, edits: [...dropped(line, before), ...inserted(line, options)] };
  };
}

/** Adds options, unless the file sets them where it does not tell the value. */
function addUnlessOpen(options: string, path: string): Mend {
  return (line, key, declared) =>
    line.declaredIn.unread?.[path] === undefined ? add(options, path)(line, key, declared) : null;
}

const securityOption = (weak: RegExp): Mend => {
  const prefix = "HostConfig.SecurityOpt ";
  return (line, key) => {
    const { places } = line.declaredIn;
    const named = places[prefix + key];
    const found =
      named ??
      Object.entries(places).find(
        ([path]) => path.startsWith(prefix) && weak.test(path.slice(prefix.length)),
      )?.[1];
    return found === undefined ? null : { title: `Drop ${shown(line, found)}`, edits: dropped(line, found) };
  };
};

const noNewPrivileges: Mend = (line) => {
  const { places } = line.declaredIn;
  const off = ["no-new-privileges:false", "no-new-privileges=false"].map(
    (option) => places[`HostConfig.SecurityOpt ${option}`],
  );
  const options = "--security-opt no-new-privileges";
  return {
    title: `Add ${options}`,
    edits: [...off.flatMap((place) => dropped(line, place)), ...inserted(line, options)],
  };
};

const dangerous: Mend = (line, key) => {
  const { places } = line.declaredIn;
  const names = key.split(",");
  const all = places["HostConfig.CapAdd ALL"];
  const found = all === undefined ? names.map((name) => places[`HostConfig.CapAdd ${name}`]) : [all];
  // What privileges bring, no single option can take away.
  if (found.some((place) => place === undefined)) return null;
  const distinct = new Map(found.map((place) => [place?.start, place]));
  // podman's `--cap-add A,B` goes as a whole, so nothing but what is told may stand in it
  const others = Object.entries(places).filter(
    ([path, place]) =>
      path.startsWith("HostConfig.CapAdd CAP_") &&
      distinct.has(place.start) &&
      !names.includes(path.slice(18)),
  );
  if (others.length > 0 && all === undefined) return null;
  return {
    title: `Drop --cap-add ${all === undefined ? names.map((name) => name.replace(/^CAP_/, "")).join(", ") : "ALL"}`,
    edits: [...distinct.values()].flatMap((place) => dropped(line, place)),
  };
};

const dropAll: Mend = (line, _, { capAdd, capDrop }) =>
  capAdd.includes("ALL") || capDrop.includes("ALL")
    ? null
    : { title: "Add --cap-drop ALL", edits: inserted(line, "--cap-drop ALL") };

const readOnly: Mend = (line, key, declared) => {
  const taken =
    Object.hasOwn(declared.tmpfs, "/tmp") || declared.mounts.some(({ target }) => target === "/tmp");
  const options = taken ? "--read-only" : "--read-only --tmpfs /tmp:size=64m,noexec";
  return addUnlessOpen(options, "HostConfig.ReadonlyRootfs")(line, key, declared);
};

const PUBLISHED = /^(-p|--publish)(=|\s*(?:\\\r?\n\s*)?)(["']?)([^"']*)(.*)$/s;

// The port may be published by several options; each on every address is one to mend.
const loopback: Mend = (line, key) => {
  const path = "NetworkSettings.Ports ";
  const places = Object.entries(line.declaredIn.places).filter(([name]) => name.startsWith(path));
  const options = new Map(places.map(([, place]) => [place.start, place]));
  const edits = [...options.values()].flatMap((place) =>
    rewritten(line, place, (option) => {
      const [, name = "", between = "", quote = "", value = "", rest = ""] = PUBLISHED.exec(option) ?? [];
      if (name === "" || value.includes("=") || !publishes(value, key)) return null;
      const bare = value.replace(/^(?:0\.0\.0\.0|\[::\]|\*):/, "");
      const ports = bare.includes(":") ? bare : `:${bare}`;
      return `${name}${between}${quote}127.0.0.1:${ports}${rest}`;
    }),
  );
  return { title: "Publish on 127.0.0.1 only", edits };
};

/** Whether an option publishes ports of a range (`80/tcp`, `8000-8009/udp`) on every address. */
function publishes(value: string, key: string): boolean {
  const [, first = "", last = first, protocol = ""] = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(key) ?? [];
  const [binding] = portBindings(withDefaults(value), { left: 1 }) ?? [];
  if (binding === undefined || !["", "0.0.0.0", "::", "*"].includes(binding.hostIp)) return false;
  const { container } = binding;
  return binding.protocol === protocol && container >= Number(first) && container <= Number(last);
}

const propagation: Mend = (line, key) => {
  const edits = rewritten(line, line.declaredIn.places[`Mounts ${key}`], (option) =>
    option
      .replace(/,bind-propagation=r?shared(?=[,"'\s]|$)/, "")
      .replace(/:r?shared,/, ":")
      .replace(/[:,]r?shared(?=[,"'\s]|$)/, ""),
  );
  return { title: "Keep mounts private", edits };
};

const tmpfs: Mend = (line, key) => {
  const edits = rewritten(line, line.declaredIn.places[`HostConfig.Tmpfs ${key}`], (option) =>
    option
      .replace(/:(?:(?:exec|suid|dev),)+/, ":")
      .replace(/,(?:exec|suid|dev)(?=[,"'\s]|$)/g, "")
      .replace(/:(?:exec|suid|dev)(?=["'\s]|$)/, ""),
  );
  return { title: "Leave exec, suid and dev out", edits };
};

const ulimits: Mend = (line, _, declared) => {
  const { places } = line.declaredIn;
  const core = declared.ulimits.some(({ name, soft }) => name === "core" && soft < 0);
  const files = declared.ulimits.some(
    ({ name, hard }) => name === "nofile" && (hard < 0 || hard > 1_048_576),
  );
  return {
    title: "Limit open files and core dumps",
    edits: [
      ...(core ? replaced(line, places["HostConfig.Ulimits core"], "--ulimit core=0") : []),
      ...(files ? replaced(line, places["HostConfig.Ulimits nofile"], "--ulimit nofile=1024:65536") : []),
    ],
  };
};

const oom: Mend = (line, _, { oomKillDisable, oomScoreAdj }) => {
  const { places } = line.declaredIn;
  return {
    title: "Let the kernel choose when memory runs out",
    edits: [
      ...(oomKillDisable ? dropped(line, places["HostConfig.OomKillDisable"]) : []),
      ...(oomScoreAdj < 0 ? dropped(line, places["HostConfig.OomScoreAdj"]) : []),
    ],
  };
};

// The options are those of json-file, which need not be the engine's usual driver.
const log: Mend = (line, key, declared) => {
  if (declared.logDriver === "none") return drop("HostConfig.LogConfig.Type")(line, key, declared);
  const driver = declared.logDriver === "" ? "--log-driver json-file " : "";
  return add(`${driver}--log-opt max-size=10m --log-opt max-file=3`, "HostConfig.LogConfig.Config.max-size")(
    line,
    key,
    declared,
  );
};

const restart: Mend = (line) => ({
  title: "Give up after five failures",
  edits: replaced(line, line.declaredIn.places["HostConfig.RestartPolicy"], "--restart on-failure:5"),
});

const cgroupNamespace: Mend = (line) => {
  const place = line.declaredIn.places["HostConfig.CgroupnsMode"];
  const option = "--cgroupns=private";
  return {
    title: `Add ${option}`,
    edits: place === undefined ? inserted(line, option) : replaced(line, place, option),
  };
};

const NAMESPACES: Readonly<Record<string, string>> = {
  pid: "HostConfig.PidMode",
  net: "HostConfig.NetworkMode",
  ipc: "HostConfig.IpcMode",
  uts: "HostConfig.UTSMode",
};

const shared: Mend = (line, key, declared) => drop(NAMESPACES[key] ?? "")(line, key, declared);

const MENDS: Readonly<Record<string, Mend>> = {
  "SW-CTR-PRIVILEGED": drop("HostConfig.Privileged"),
  "SW-CTR-NNP": noNewPrivileges,
  "SW-CTR-CAP-DANGEROUS": dangerous,
  "SW-CTR-CAP-DEFAULT": dropAll,
  "SW-CTR-ROOTFS-WRITABLE": readOnly,
  "SW-CTR-MEMORY": addUnlessOpen("--memory 256m --memory-swap 256m", "HostConfig.Memory"),
  "SW-CTR-CPU": addUnlessOpen("--cpus 1", "HostConfig.NanoCpus"),
  "SW-CTR-PIDS": addUnlessOpen("--pids-limit 200", "HostConfig.PidsLimit"),
  "SW-CTR-USER-ROOT": addUnlessOpen("--user 10001:10001", "Config.User"),
  "SW-CTR-PORT-WILDCARD": loopback,
  "SW-CTR-SECCOMP-OFF": securityOption(/^seccomp[=:]unconfined$/),
  "SW-CTR-APPARMOR": securityOption(/^apparmor[=:]unconfined$/),
  "SW-CTR-SELINUX": securityOption(/^label[=:]disable$/),
  "SW-CTR-MASKS": drop("HostConfig.MaskedPaths"),
  "SW-CTR-ENGINE-SOCKET": drop("Mounts", true),
  "SW-CTR-MOUNT-SENSITIVE": drop("Mounts", true),
  "SW-CTR-MOUNT-PROPAGATION": propagation,
  "SW-CTR-PID-HOST": drop("HostConfig.PidMode"),
  "SW-CTR-NET-HOST": drop("HostConfig.NetworkMode"),
  "SW-CTR-IPC-HOST": drop("HostConfig.IpcMode"),
  "SW-CTR-UTS-HOST": drop("HostConfig.UTSMode"),
  "SW-CTR-USERNS-HOST": drop("HostConfig.UsernsMode"),
  "SW-CTR-CGROUPNS-HOST": cgroupNamespace,
  "SW-CTR-NAMESPACE-SHARED": shared,
  "SW-CTR-DEVICE": drop("HostConfig.Devices, DeviceCgroupRules", true),
  "SW-CTR-SYSCTL": (line, key, declared) => drop(`HostConfig.Sysctls.${key}`)(line, key, declared),
  "SW-CTR-OOM": oom,
  "SW-CTR-RESTART": restart,
  "SW-CTR-TMPFS-FLAGS": tmpfs,
  "SW-CTR-ULIMITS": ulimits,
  "SW-CTR-LOG": log,
  "SW-CTR-CGROUP": drop("HostConfig.CgroupParent"),
};

/**
 * Ways to mend a finding on a container in the run line that starts it, as splices of the file's text. All of them are
 * unsafe: what a container may do less, it may have done before.
 *
 * @param text of the file that declares the container
 */
export function runLineFixes(
  text: string,
  { ruleId, key = "" }: { ruleId: string; key?: string },
  { declared, declaredIn }: Pick<ContainerEvidence, "declared" | "declaredIn">,
): Fix[] {
  if (declaredIn?.carrier !== "run" || !declared.ok || !Object.hasOwn(MENDS, ruleId)) return [];
  const mended = MENDS[ruleId]?.({ text, declaredIn }, key, declared.value) ?? null;
  if (mended === null || mended.edits.length === 0) return [];
  return [{ title: mended.title, safety: "unsafe", edits: mended.edits }];
}
