import type { Manifest, ManifestPod } from "#model/evidence/manifest.ts";
import type { Severity } from "#model/severity.ts";
import { page, rule, type Rule } from "../../rule.ts";
import { type Breach, inManifest, judged } from "./breach.ts";

/** One control of the Pod Security Standards. */
export interface Control {
  /** What follows `SW-K8S-PSS-`. */
  id: string;
  title: string;
  severity: Severity;
  /** The rule for containers that says the same of the same setting; then this one is for those who want the standard. */
  twin?: string;
  risk: string;
  countermeasure: string;
  remediation: string;
  aliases: string[];
  examples: { bad: string; good: string };
  /** Not asked of Pods that say that they are for Windows. */
  linux?: boolean;
  /** @param strict whether the standard is wanted to the letter; else what rules for containers tell is left to them */
  find(manifest: Manifest, pod: ManifestPod, strict: boolean): Breach[];
}

const STANDARD = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/**
 * Makes the rules of a level of the Pod Security Standards. Where a rule for containers tells the same, the control
 * is left to the strict preset, so that nobody reads of one line twice.
 */
export function controls(level: "baseline" | "restricted", table: readonly Control[]): Rule<"manifest">[] {
  return table.map((control) =>
    rule({
      id: `SW-K8S-PSS-${control.id}`,
      subject: "manifest",
      title: control.title,
      severity: control.severity,
      risk: control.risk,
      countermeasure: control.countermeasure,
      remediation: inManifest(control.remediation),
      aliases: control.aliases,
      ...(control.twin === undefined ? {} : { presets: { recommended: "off", hadolint: "off" } as const }),
      references: [page(`Pod Security Standards: ${level}`, `${STANDARD}#${level}`)],
      examples: control.examples,
      judge: (manifest, { settings }) => {
        const { pod } = manifest;
        if (pod === null || (pod.windows && control.linux === true)) return [];
        return judged(manifest, control.find(manifest, pod, settings.preset === "strict"));
      },
    }),
  );
}
