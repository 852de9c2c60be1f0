import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  actualContainer,
  container,
  declaredContainer,
  processEvidence,
  specifiedContainer,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import nnp from "./no-new-privileges.ts";

function running(...processes: Partial<ReturnType<typeof processEvidence>>[]) {
  return container({
    actual: got(actualContainer({ processes: processes.map((each) => processEvidence(each)) })),
  });
}

describe("SW-CTR-NNP", () => {
  it("passes by the kernel though nothing was asked for (the daemon's default)", () => {
    expect(verdictOf(nnp, running({ noNewPrivs: true })).verdict).toBe("pass");
  });
  it("fails if one process is without it; less where it is root already", () => {
    const user: [number, number, number, number] = [1000, 1000, 1000, 1000];
    const judged = verdictOf(
      nnp,
      running({ noNewPrivs: true, uids: user }, { noNewPrivs: false, uids: user }),
    );
    expect(judged.verdict).toBe("fail");
    expect(judged.severity).toBeUndefined();
    expect(verdictOf(nnp, running({})).severity).toBe("low");
  });
  it("does not take no-new-privileges:false for the option", () => {
    const stopped = { actual: missing("stopped"), specified: missing("stopped") };
    const asked = (option: string) =>
      verdictOf(nnp, container({ ...stopped, declared: got(declaredContainer({ securityOpt: [option] })) }))
        .verdict;
    expect(asked("no-new-privileges:false")).toBe("fail");
    expect(asked("no-new-privileges=true")).toBe("pass");
    expect(asked("no-new-privileges")).toBe("pass");
    expect(asked("label=disable")).toBe("fail");
  });
  it("reads the bundle, and is unknown where nobody tells", () => {
    const actual = missing("not root");
    const specified = got(specifiedContainer({ noNewPrivileges: true }));
    expect(verdictOf(nnp, container({ actual, specified })).verdict).toBe("pass");
    expect(verdictOf(nnp, unreadableContainer()).verdict).toBe("unknown");
  });
});
