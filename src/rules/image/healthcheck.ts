import { declared, fail, page, pass, rule, unknown } from "../rule.ts";

export default rule({
  id: "SW-IMAGE-HEALTHCHECK",
  subject: "image",
  title: "Declares no health check",
  severity: "low",
  risk: "The engine knows only whether the process lives, not whether it answers: a hung service keeps getting traffic and is never restarted.",
  countermeasure:
    "Declare a cheap command that asks the service. Orchestrators with probes of their own (Kubernetes) do not use it.",
  remediation: { dockerfile: 'HEALTHCHECK --interval=30s --timeout=3s CMD ["app", "health"]' },
  cis: ["4.6"],
  aliases: ["trivy:AVD-DS-0026", "dockle:CIS-DI-0006"],
  references: [
    page("Dockerfile reference: HEALTHCHECK", "https://docs.docker.com/reference/dockerfile/#healthcheck"),
  ],
  examples: { bad: "FROM nginx", good: "FROM nginx\nHEALTHCHECK CMD curl -fs http://localhost/ || exit 1" },
  judge: (image) => {
    if (!image.detail.ok) return unknown(image.detail.why);
    const { healthcheck } = image.detail.value;
    const value = healthcheck === null ? "none" : healthcheck.join(" ");
    const seen = [
      declared(`docker image inspect ${image.tags[0] ?? image.id.slice(0, 19)}`, value, "Config.Healthcheck"),
    ];
    if (healthcheck === null) return fail("declares no health check", seen);
    return healthcheck[0] === "NONE"
      ? fail("switches the health check of its base off", seen)
      : pass("declares a health check", seen);
  },
});
