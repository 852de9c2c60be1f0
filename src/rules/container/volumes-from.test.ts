import { expect, it } from "vitest";
import { got } from "#model/reading.ts";
import { container, declaredContainer, judgements, unreadableContainer, verdictOf } from "../testing.ts";
import volumesFrom from "./volumes-from.ts";

const taking = (...entries: string[]) =>
  container({ declared: got(declaredContainer({ volumesFrom: entries })) });

it("fails for each container whose mounts are taken over, less where they are read-only", () => {
  const found = judgements(volumesFrom, taking("db", "logs:ro", "shared:z,ro", "work:rw"));
  expect(found.map(({ key, severity }) => [key, severity])).toEqual([
    ["db", "low"],
    ["logs", "info"],
    ["shared", "info"],
    ["work", "low"],
  ]);
  expect(found[0]).toMatchObject({
    verdict: "fail",
    message: "takes over all mounts of db, writable where that one may write",
    evidence: [{ witness: "declared", value: "db" }],
  });
});

it("passes without, and does not know without the declaration", () => {
  expect(verdictOf(volumesFrom, container()).verdict).toBe("pass");
  expect(verdictOf(volumesFrom, unreadableContainer()).verdict).toBe("unknown");
});
