import { page, rule } from "../rule.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { judgeCalls } from "./facts/command-report.ts";

/** Programs for a person at a terminal, or for a machine that stays up; a build step is neither. */
const POINTLESS: Readonly<Record<string, string>> = {
  free: "shows the memory of the machine that builds",
  kill: "ends processes, of which a build step has only its own",
  mount: "mounts for the time of this step only, and needs rights that a build does not have",
  ps: "shows processes, of which a build step has only its own",
  service: "starts something that ends with this step",
  shutdown: "stops a machine",
  ssh: "logs in to another machine",
  top: "shows processes, of which a build step has only its own",
  vim: "edits at a terminal",
};

/** More of the kind, which hadolint does not name. */
const MORE: Readonly<Record<string, string>> = {
  emacs: "edits at a terminal",
  halt: "stops a machine",
  htop: "shows processes, of which a build step has only its own",
  ifconfig: "sets up an interface for the time of this step only",
  less: "waits for a person at a terminal",
  nano: "edits at a terminal",
  poweroff: "stops a machine",
  reboot: "restarts a machine",
  systemctl: "asks a service manager, which a build does not have",
  vi: "edits at a terminal",
};

export default rule({
  id: "SW-DF-POINTLESS-COMMAND",
  subject: "dockerfile",
  title: "Runs a program that does nothing for an image",
  severity: "low",
  risk: "A build step leaves only files behind: no service that it starts is running in the container, and what it shows nobody reads. Whoever wrote it expects something that does not happen.",
  countermeasure:
    "Start services by CMD or ENTRYPOINT, and leave looking and editing to a shell in the running container.",
  remediation: { dockerfile: "drop the command; start what must run by CMD" },
  aliases: ["DL3001", "kics:9b6b0f38"],
  references: [
    page("hadolint DL3001", "https://github.com/hadolint/hadolint/wiki/DL3001"),
    page("Dockerfile: RUN", "https://docs.docker.com/reference/dockerfile/#run"),
  ],
  examples: { bad: "RUN service nginx start", good: 'CMD ["nginx", "-g", "daemon off;"]' },
  judge: (evidence, { settings }) => {
    const strictly = settings.preset === "hadolint";
    const known = strictly ? POINTLESS : { ...POINTLESS, ...MORE };
    return judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, ...Object.keys(known)),
      (call) => {
        const { name, nameRange } = call.command;
        if (name === null || (!strictly && hasUse(call))) return null;
        return { range: nameRange, name, edits: null };
      },
      { message: (names, [first]) => `${names} ${known[first?.name ?? ""] ?? "does nothing for an image"}` },
    );
  },
});

/** What has an effect after all: on the rest of the step, by a mount of the builder, or on files. */
function hasUse({ step, at, command: { name, args } }: Call): boolean {
  const { flags } = step.run;
  if (name === "ssh") return flags.some(({ value }) => value?.includes("type=ssh") === true);
  if (name === "mount") return flags.some((flag) => flag.name === "security" && flag.value === "insecure");
  if (name === "kill" || name === "ps") return at > 0;
  if (name === "service") return at < step.calls.length - 1;
  // enabling and masking only make links, which stay
  if (name === "systemctl")
    return args.some(({ value }) =>
      /^(?:enable|disable|mask|unmask|set-default|preset|preset-all)$/.test(value),
    );
  return (
    (name === "vi" || name === "vim" || name === "emacs") &&
    args.some(({ value }) => /^(?:-es?|-s|--batch|-c|\+.*)$/.test(value))
  );
}
