import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { GatheredFile } from "#evidence/project/gather.ts";
import { lineStarts } from "#model/text.ts";
import type { JudgedSubject } from "./judge.ts";
import type { JudgeContext } from "./rule.ts";

/** Everything in a file that rules can judge: the file itself, and the containers that it declares. */
export function subjectsOfFile(file: GatheredFile, context: JudgeContext): JudgedSubject[] {
  const { source, dockerfiles, compose, manifests, containers } = file;
  const place = { path: source.path, lines: lineStarts(source.text), text: source.text };
  const subjects: JudgedSubject[] = dockerfiles.map(({ evidence, origin }) => ({
    subject: { kind: "dockerfile", name: evidence.path, id: evidence.path },
    evidence,
    context,
    file: origin === null ? place : { ...place, origin },
  }));
  const declared = (container: ContainerEvidence): JudgedSubject => ({
    subject: {
      kind: "container",
      name: `${source.path}:${container.name}`,
      id: container.id,
      image: container.image,
      ...(container.declared.ok ? { labels: container.declared.value.labels } : {}),
    },
    evidence: container,
    context,
    file: place,
  });
  if (compose !== null) {
    subjects.push({
      subject: { kind: "compose", name: compose.path, id: compose.path },
      evidence: compose,
      context,
      file: place,
    });
    subjects.push(...compose.services.map(declared));
  }
  for (const manifest of manifests) {
    const name = `${source.path}:${manifest.kind}/${manifest.name}`;
    subjects.push({
      subject: { kind: "manifest", name, id: name },
      evidence: manifest,
      context,
      file: place,
    });
    subjects.push(...manifest.containers.map(declared));
  }
  subjects.push(...containers.map(declared));
  return subjects;
}
