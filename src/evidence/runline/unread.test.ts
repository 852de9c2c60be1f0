import { expect, test } from "vitest";
import { runLine } from "./testing.ts";
import { whyUnread } from "./unread.ts";

test("a setting that is a variable is not read, nor is what options in a variable may set", () => {
  const { declaredIn = { places: {} } } = runLine("docker run $OPTS -m $MEM --pids-limit 5 -v /a:/b nginx");
  expect(whyUnread(declaredIn, ["HostConfig.Memory"])).toContain("$MEM");
  expect(whyUnread(declaredIn, ["HostConfig.PidsLimit"])).toBeNull();
  expect(whyUnread(declaredIn, ["Mounts"], "/b")).toBeNull();
  expect(whyUnread(declaredIn, ["HostConfig.ReadonlyRootfs"])).toContain("$OPTS");
});

test("all is read of a plain line", () => {
  expect(whyUnread({ places: {} }, ["HostConfig.Memory"])).toBeNull();
});
