import { actual, declared, fail, notApplicable, page, pass, rule, unknown } from "../rule.ts";
import { isOnlyDeclared, isStopped } from "./facts/state.ts";
import { declaredSource } from "./facts/witness.ts";

export default rule({
  id: "SW-CTR-HEALTH",
  subject: "container",
  title: "Does not report that it is well",
  severity: "low",
  risk: "The engine takes a container for well as long as its first process lives. One that hangs, or was tampered with, keeps its place.",
  countermeasure:
    "Declare a check that asks the service itself, and act on its answer: orchestrators replace what is unhealthy, plain Docker only shows it.",
  remediation: {
    dockerfile: "HEALTHCHECK CMD with a command that asks the service",
    run: "--health-cmd COMMAND",
    compose: "healthcheck: {test: [CMD, …]}",
  },
  cis: ["5.27"],
  aliases: ["CL-0015", "kics:698ed579-b239-4f8f-a388-baa4bcb13ef8"],
  references: [page("Dockerfile: HEALTHCHECK", "https://docs.docker.com/reference/dockerfile/#healthcheck")],
  examples: {
    bad: "docker run nginx",
    good: "docker run --health-cmd 'curl -fsS http://127.0.0.1/' nginx",
  },
  judge: (container, { settings }) => {
    if (!container.declared.ok) return unknown(container.declared.why);
    const { healthcheck } = container.declared.value;
    const source = declaredSource(container);
    const seen = declared(source, healthcheck?.join(" ") ?? "none", "Config.Healthcheck");
    if (healthcheck === null && isOnlyDeclared(container) && settings.preset !== "strict") {
      return notApplicable("none is declared here; its image may have one");
    }
    if (healthcheck === null || healthcheck[0] === "NONE") {
      return fail(
        healthcheck === null ? "has no health check" : "the health check of its image is switched off",
        [seen],
        // A file may have either, and each is mended in its own way.
        healthcheck !== null && isOnlyDeclared(container) ? { key: "off" } : {},
      );
    }
    if (!isStopped(container) && container.health === "unhealthy") {
      return fail("its health check fails", [actual(source, container.health, "State.Health.Status"), seen], {
        severity: "medium",
        remediation: `docker inspect --format '{{json .State.Health}}' ${container.name} shows what the check answered`,
      });
    }
    return pass(
      isStopped(container) || container.health === "none"
        ? "has a health check"
        : `its health check says ${container.health}`,
      [seen],
    );
  },
});
