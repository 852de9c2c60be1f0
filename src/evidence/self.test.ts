import { afterEach, expect, it } from "vitest";
import { ownCapabilities, ownContainerId } from "./self.ts";
import { statusText, testHost, type TestHost } from "./testing.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

const ID = "5f".repeat(32);

it("knows its container by the file that the engine binds into it", () => {
  const line = `900 800 254:1 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw - ext4 /dev/vda rw`;
  host = testHost({ "/proc/self/mountinfo": `100 99 0:40 / / rw - overlay overlay rw\n${line}\n` });
  expect(ownContainerId(host.files)).toBe(ID);
});

it("is in none without such a file, or where nothing can be read", () => {
  host = testHost({ "/proc/self/mountinfo": "100 99 254:1 / / rw - ext4 /dev/vda rw\n" });
  expect(ownContainerId(host.files)).toBeNull();
  expect(ownContainerId(testHostWithoutProc().files)).toBeNull();
  expect(ownContainerId(undefined)).toBeNull();
});

it("tells its capabilities", () => {
  host = testHost({ "/proc/self/status": statusText(1, "node", 0) });
  expect(ownCapabilities(host.files)).toBe("000001ffffffffff");
  expect(ownCapabilities(testHostWithoutProc().files)).toBe("");
  expect(ownCapabilities(undefined)).toBe("");
});

function testHostWithoutProc(): TestHost {
  host?.remove();
  host = testHost();
  return host;
}
