import { describe, expect, it } from "vitest";
import { got, missing, type Reading } from "#model/reading.ts";
import { host, verdictOf } from "../testing.ts";
import rule from "./kernel-reboot.ts";

function judge(release: string, installed: Reading<string[]>) {
  return verdictOf(rule, host({ kernel: { ...host().kernel, release, installed } }));
}

describe("restart for a newer kernel", () => {
  it("fails where a newer one of the same kind is installed", () => {
    const judged = judge("6.1.0-9-amd64", got(["6.1.0-9-amd64", "6.1.0-40-amd64", "6.1.0-10-amd64"]));
    expect(judged).toMatchObject({
      verdict: "fail",
      message: "6.1.0-9-amd64 runs, 6.1.0-40-amd64 is installed and waits for a restart",
    });
    expect(judged.evidence.map(({ value }) => value)).toEqual(["6.1.0-9-amd64", "6.1.0-40-amd64"]);
  });

  it("passes the newest, and ignores kernels of another build", () => {
    expect(judge("6.1.0-40-amd64", got(["6.1.0-40-amd64", "6.1.0-9-amd64"])).verdict).toBe("pass");
    const others = ["6.1.0-40-amd64", "6.1.0-41-cloud-amd64", "6.5.0-1-rt-amd64"];
    expect(judge("6.1.0-40-amd64", got(others)).verdict).toBe("pass");
  });

  it("is not applicable where the kernel comes from outside, unknown where it was not read", () => {
    expect(judge("6.18.44-fc-v657", got([])).verdict).toBe("not-applicable");
    expect(judge("6.18.44-fc-v657", got(["6.1.0-40-amd64"])).verdict).toBe("not-applicable");
    expect(judge("6.1.0-40-amd64", missing("/lib/modules: permission denied")).verdict).toBe("unknown");
    expect(judge("", got(["6.1.0-40-amd64"])).verdict).toBe("unknown");
  });
});
