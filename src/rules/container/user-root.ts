import type { ContainerEvidence } from "#model/evidence/container.ts";
import { parseReference } from "#evidence/dockerfile/reference.ts";
import { startUser } from "../dockerfile/facts/image-names.ts";
import { declared, fail, type Judgement, man, page, pass, rule, unknown } from "../rule.ts";
import { isOnlyDeclared } from "./facts/state.ts";
import { userFact } from "./facts/user.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-USER-ROOT",
  subject: "container",
  title: "Runs as root",
  severity: "high",
  risk: "Root inside is root on the host unless ids are mapped: a flaw in the kernel, the runtime or a mount turns into full control of the host, and files of bind mounts can be read and written as root.",
  countermeasure:
    "Run as a user without privileges, by number so that the name need not exist in the image. Volumes that root has filled need a new owner once; ports below 1024 still work on the engine's own networks. Where the image must start as root, map its ids (userns-remap, rootless).",
  remediation: {
    run: "add --user 10001:10001",
    compose: 'user: "10001:10001"',
    dockerfile: "USER 10001:10001 before CMD, after the files that it needs have been given to it",
  },
  cis: ["4.1"],
  aliases: ["trivy:AVD-DS-0002", "DL3002", "CL-0018"],
  references: [
    page("Docker docs: USER", "https://docs.docker.com/reference/dockerfile/#user"),
    man("user_namespaces.7"),
  ],
  examples: { bad: "docker run nginx", good: "docker run --user 10001:10001 nginx" },
  judge: (container) => {
    const user = userFact(container);
    if (!user.known) return beforeStart(container) ?? unknown(user.why);
    const { insideUids, hostUids, rootProcesses } = user.value;
    if (rootProcesses.length === 0) {
      const asked = container.declared.ok ? container.declared.value.user : null;
      const dropped = asked === "" || asked === "0" || asked === "root";
      return pass(
        dropped
          ? `was started as root but has dropped it: every process is uid ${insideUids.join(", ")}`
          : `runs as uid ${insideUids.join(", ")}`,
        dropped
          ? [user.seen, declared(declaredSource(container), asked || '""', "Config.User")]
          : [user.seen],
      );
    }
    const names = [...new Set(rootProcesses)].slice(0, 5).join(", ");
    if (hostUids !== null && !hostUids.includes(0)) {
      return fail(`root inside, which is uid ${hostUids[0]} on the host (${names})`, [user.seen], {
        severity: "low",
      });
    }
    return fail(isOnlyDeclared(container) ? "runs as root" : `runs as root (${names})`, [user.seen]);
  },
});

// Which number a name has stands in the image; that somebody chose a user other than root shows in the file. Where
// nobody did, what well-known images start as is known.
function beforeStart(container: ContainerEvidence): Judgement | null {
  if (!isOnlyDeclared(container) || !container.declared.ok) return null;
  const { user } = container.declared.value;
  const source = declaredSource(container);
  if (user !== "") return pass(`runs as ${user}`, [declared(source, user, "Config.User")]);
  const { image } = container;
  const seen = [declared(source, image, "Image")];
  switch (image === "" ? null : startUser(parseReference(image))) {
    case "root":
      return fail(`runs as root: its image ${image} starts so, and no user is set`, seen);
    case "user":
      return pass(`its image ${image} runs as a user of its own`, seen);
    case "steps-down":
      return pass(`its image ${image} starts as root to set itself up, and gives that up`, seen);
    default:
      return null;
  }
}
