import { declared, fail, page, pass, rule, unknown } from "../rule.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-VOLUMES-FROM",
  subject: "container",
  title: "Takes over all mounts of another container",
  severity: "low",
  risk: "Whatever the other container mounts, now or after its next change, is mounted here as well: host folders and sockets included, and writable unless it says :ro.",
  countermeasure:
    "Name the volumes that are needed, each with its own target, read-only where it is only read.",
  remediation: {
    run: "replace --volumes-from NAME by -v VOLUME:/path:ro, one per volume",
    compose: "replace volumes_from: by named volumes, with :ro where they are only read",
  },
  references: [
    page("docker run: --volumes-from", "https://docs.docker.com/reference/cli/docker/container/run/"),
  ],
  examples: { bad: "docker run --volumes-from db IMAGE", good: "docker run -v dbdata:/data:ro IMAGE" },
  judge: (container) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const source = declaredSource(container);
    const { volumesFrom } = container.declared.value;
    if (volumesFrom.length === 0) {
      return pass("takes over no mounts of others", [declared(source, "none", "HostConfig.VolumesFrom")]);
    }
    return volumesFrom.map((entry) => {
      const [name = entry, mode = ""] = entry.split(":");
      const readOnly = mode.split(",").includes("ro");
      return fail(
        `takes over all mounts of ${name}, ${readOnly ? "read-only" : "writable where that one may write"}`,
        [declared(source, entry, "HostConfig.VolumesFrom")],
        { key: name, severity: readOnly ? "info" : "low" },
      );
    });
  },
});
