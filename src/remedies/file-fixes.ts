import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { Fix } from "#model/text.ts";
import type { GatheredFile } from "#evidence/project/gather.ts";
import type { JudgedSubject } from "#rules/judge.ts";
import type { Judgement } from "#rules/rule.ts";
import { composeFixes } from "./compose/fixes.ts";
import { kubernetesFixes } from "./kubernetes/fixes.ts";
import { runLineFixes } from "./runline/fixes.ts";

/**
 * Ways to mend what a rule found in a file, where the rule itself brings none: rules on containers judge live ones
 * too, and know nothing of the notation that declares them.
 */
export function fileFixes({
  source,
  compose,
  manifests,
}: GatheredFile): (ruleId: string, judged: JudgedSubject, judgement: Judgement) => Fix[] {
  return (ruleId, { subject, evidence }, { key = "", fixes }) => {
    if (fixes !== undefined && fixes.length > 0) return fixes;
    const finding = { ruleId, key };
    if (subject.kind === "compose" && compose !== null) return composeFixes(compose, finding);
    if (subject.kind === "manifest") {
      const manifest = manifests.find((each) => each === evidence);
      return manifest === undefined ? [] : kubernetesFixes(manifest, finding, null);
    }
    if (subject.kind !== "container") return [];
    const container = evidence as ContainerEvidence;
    switch (container.declaredIn?.carrier) {
      case "compose":
        return compose === null ? [] : composeFixes(compose, finding, container.name);
      case "kubernetes": {
        const manifest = manifests.find(({ containers }) => containers.includes(container));
        return manifest === undefined ? [] : kubernetesFixes(manifest, finding, container);
      }
      case "run":
        return runLineFixes(source.text, finding, container);
      case undefined:
        return [];
    }
  };
}
