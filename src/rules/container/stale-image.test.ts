import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  container,
  contextOf,
  declaredContainer,
  engine,
  evidence,
  image,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import stale from "./stale-image.ts";

const OLD = `sha256:${"1".repeat(64)}`;
const NEW = `sha256:${"2".repeat(64)}`;

const store = (...tags: string[]) =>
  contextOf(
    evidence({
      engines: [engine({ images: got([image({ id: NEW, tags }), image({ id: OLD, tags: [] })]) })],
    }),
  );
const of = (reference: string, imageId: string) =>
  container({ image: reference, declared: got(declaredContainer({ imageId })) });

describe("SW-CTR-IMAGE-STALE", () => {
  it("fails where the tag names another image now", () => {
    expect(verdictOf(stale, of("app:1", OLD), store("app:1"))).toMatchObject({
      verdict: "fail",
      message: "runs 111111111111, but app:1 names 222222222222 now",
      evidence: [{ value: OLD }, { value: NEW, path: "app:1" }],
    });
  });

  it("passes where it names the same", () => {
    expect(verdictOf(stale, of("app:1", NEW), store("app:1")).verdict).toBe("pass");
  });

  it.each([
    ["nginx", "nginx:latest"],
    ["nginx", "docker.io/library/nginx:latest"],
    ["docker.io/acme/app:1", "acme/app:1"],
    ["index.docker.io/library/nginx:1", "nginx:1"],
    ["localhost:5000/app", "localhost:5000/app:latest"],
    ["registry.example.com/team/app:1", "registry.example.com/team/app:1"],
  ])("takes %s and %s for the same tag", (reference, tag) => {
    expect(verdictOf(stale, of(reference, OLD), store(tag)).verdict).toBe("fail");
  });

  it.each([
    ["app:1", "app:2"],
    ["app:1", "acme/app:1"],
    ["localhost/app:1", "app:1"],
    ["registry.example.com/library/app:1", "app:1"],
  ])("takes %s and %s for different tags", (reference, tag) => {
    expect(verdictOf(stale, of(reference, OLD), store(tag)).verdict).toBe("unknown");
  });

  it("has no tag to follow where the image is named by id or digest", () => {
    expect(verdictOf(stale, of(OLD, OLD), store("app:1")).verdict).toBe("not-applicable");
    expect(verdictOf(stale, of("123456789abc", OLD), store("app:1")).verdict).toBe("not-applicable");
    expect(verdictOf(stale, of(`app:1@${NEW}`, OLD), store("app:1")).verdict).toBe("not-applicable");
  });

  it("does not know what the engine did not tell", () => {
    expect(verdictOf(stale, unreadableContainer()).verdict).toBe("unknown");
    expect(verdictOf(stale, of("app:1", ""), store("app:1")).verdict).toBe("unknown");
    const deaf = contextOf(evidence({ engines: [engine({ images: missing("no answer") })] }));
    expect(verdictOf(stale, of("app:1", OLD), deaf)).toMatchObject({
      verdict: "unknown",
      message: "no answer",
    });
    expect(verdictOf(stale, of("app:1", OLD), contextOf(evidence({ engines: [] }))).verdict).toBe("unknown");
  });
});
