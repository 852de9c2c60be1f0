import { expect, it } from "vitest";
import { aliasNames, counted, factsText } from "./names.ts";

it("joins versions of the benchmark that share a number", () => {
  expect(
    aliasNames(["cis-docker-1.8:2.8", "cis-docker-1.7:2.7", "cis-docker-1.6:2.7", "trivy:AVD-DS-0002"]),
  ).toEqual(["CIS Docker 2.8 (1.8)", "CIS Docker 2.7 (1.7, 1.6)", "trivy:AVD-DS-0002"]);
});

it("names the image once", () => {
  const subject = { kind: "container" as const, name: "web", id: "1", image: "nginx:1.25" };
  expect(factsText({ ...subject, facts: ["running 3 h"] })).toBe("container, nginx:1.25, running 3 h");
  expect(factsText({ ...subject, facts: ["nginx:1.25", "stopped"] })).toBe("container, nginx:1.25, stopped");
});

it("counts", () => {
  expect([counted(0, "finding"), counted(1, "finding"), counted(2, "finding")]).toEqual([
    "0 findings",
    "1 finding",
    "2 findings",
  ]);
});
