import { describe, expect, it } from "vitest";
import type { ContainerEvidence } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";
import { container, engine, engineInfo, image, verdictOf } from "../testing.ts";
import { around, running, unreadableEngine } from "./facts/testing.ts";
import stoppedContainers from "./stopped-containers.ts";
import unusedImages from "./unused-images.ts";

const holding = (containers: number, images: number) =>
  engine({
    info: got(engineInfo({ containers })),
    images: got(
      Array.from({ length: images }, (_, at) => image({ id: `sha256:${at}`, tags: [`app:${at}`] })),
    ),
  });
const using = (at: number) => running(`c${at}`, { imageId: `sha256:${at}` });

describe("SW-ENGINE-UNUSED-IMAGES", () => {
  const judge = (subject: ReturnType<typeof engine>, containers: ContainerEvidence[]) =>
    verdictOf(unusedImages, subject, around(subject, containers));

  it("fails above the threshold of the settings (10)", () => {
    expect(judge(holding(1, 11), [using(0)]).verdict).toBe("pass");
    expect(judge(holding(1, 12), [using(0)])).toMatchObject({
      verdict: "fail",
      message: "11 images are used by no container (about 115 MB)",
    });
    expect(judge(holding(0, 0), []).verdict).toBe("pass");
  });

  it("counts stopped containers, this tool's own, and ids without sha256 as use", () => {
    const own = [
      { ...using(0), state: "exited" },
      { ...using(1), self: true },
      running("c2", { imageId: "2" }),
    ];
    expect(judge(holding(3, 13), own).verdict).toBe("pass");
    expect(judge(holding(3, 14), own).verdict).toBe("fail");
  });

  it("a container stuck in Created, which never answers, leaves it unknown only if it could matter", () => {
    const stuck = container({ declared: missing("no answer within 2 s") });
    expect(judge(holding(1, 11), [stuck]).verdict).toBe("unknown");
    expect(judge(holding(1, 12), [stuck]).verdict).toBe("fail");
    expect(judge(holding(1, 10), [stuck]).verdict).toBe("pass");
    expect(judge(holding(1, 11), []).verdict).toBe("unknown");
  });

  it("is unknown without the list", () => {
    expect(judge(unreadableEngine(), []).verdict).toBe("unknown");
  });
});

describe("SW-ENGINE-STOPPED-CONTAINERS", () => {
  const stopped = (name: string, finishedAt: string, state = "exited"): ContainerEvidence => ({
    ...running(name),
    state,
    finishedAt,
    createdAt: "2025-01-01T00:00:00Z",
  });
  const subject = holding(1, 0);
  const judge = (...containers: ContainerEvidence[]) =>
    verdictOf(stoppedContainers, subject, around(subject, containers));

  it("fails for one that stopped longer ago than the settings allow (30 days)", () => {
    expect(judge(stopped("old", "2025-12-02T00:00:00Z"))).toMatchObject({
      verdict: "fail",
      message: "1 container stopped more than 30 days ago: old",
      evidence: [{ source: "docker inspect old", value: "2025-12-02T00:00:00Z" }],
    });
    expect(judge(stopped("young", "2025-12-04T00:00:00Z")).verdict).toBe("pass");
    expect(judge(stopped("dead", "2025-12-01T00:00:00Z", "dead")).verdict).toBe("fail");
  });

  it("one that never started counts from its making; one that runs does not count", () => {
    expect(judge(stopped("never", "", "created")).verdict).toBe("fail");
    expect(judge({ ...stopped("runs", "2025-01-01T00:00:00Z"), state: "running" }).verdict).toBe("pass");
  });

  it("one that does not tell is unknown, and so is one that the engine counts but does not show", () => {
    expect(judge(stopped("silent", "")).verdict).toBe("unknown");
    expect(judge().verdict).toBe("unknown");
    expect(verdictOf(stoppedContainers, unreadableEngine()).verdict).toBe("unknown");
  });
});
