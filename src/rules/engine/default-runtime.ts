import { declared, fail, page, pass, rule, unknown } from "../rule.ts";

// Runtimes that engines come with, by name and by the program behind the name.
const USUAL_NAMES = new Set(["", "runc", "crun", "io.containerd.runc.v2", "io.containerd.runtime.v1.linux"]);
const USUAL_PROGRAMS = new Set(["", "runc", "crun", "containerd-shim-runc-v2"]);

export default rule({
  id: "SW-ENGINE-DEFAULT-RUNTIME",
  subject: "engine",
  title: "Containers are started by another runtime than the usual one",
  severity: "info",
  risk: "The default runtime runs as root for every container. Sandboxes (gVisor, Kata) make it stronger, hooks for graphics cards and wrappers make it larger, and a program that nobody knows can do anything.",
  countermeasure:
    "Know why it is there and keep it updated; make it the default only if every container needs it.",
  remediation: {
    daemon: 'remove "default-runtime", and name the runtime where it is needed (docker run --runtime NAME)',
  },
  references: [
    page("Docker docs: alternative runtimes", "https://docs.docker.com/engine/daemon/alternative-runtimes/"),
  ],
  examples: { bad: '{ "default-runtime": "nvidia" }', good: "docker run --runtime nvidia IMAGE" },
  judge: (engine) => {
    if (!engine.info.ok) return unknown(`the default runtime is not known: ${engine.info.why}`);
    const { defaultRuntime, runtimes } = engine.info.value;
    const path = (Object.hasOwn(runtimes, defaultRuntime) ? runtimes[defaultRuntime] : "") ?? "";
    const program = path.split("/").at(-1) ?? "";
    const seen = [
      declared("GET /info", defaultRuntime, "DefaultRuntime"),
      ...(path === "" ? [] : [declared("GET /info", path, `Runtimes.${defaultRuntime}.path`)]),
    ];
    return USUAL_NAMES.has(defaultRuntime) && USUAL_PROGRAMS.has(program)
      ? pass(`the default runtime is ${defaultRuntime || "the usual one"}`, seen)
      : fail(`the default runtime is ${defaultRuntime}${path === "" ? "" : ` (${path})`}`, seen);
  },
});
