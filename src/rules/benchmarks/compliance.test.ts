import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { judge } from "../judge.ts";
import { container, engine, evidence, unreadableContainer } from "../testing.ts";
import { complianceOf } from "./compliance.ts";
import { aliasesOf, cisId } from "./cis-docker.ts";

function view(containers: ReturnType<typeof container>[], version: "1.8" | "1.7" | "1.6" = "1.8") {
  const all = evidence({ containers, engines: [engine({ swarm: got(null) })] });
  return complianceOf(judge(all, DEFAULT_SETTINGS), version);
}
function recommendation(id: string, compliance: ReturnType<typeof view>) {
  return compliance.sections.flatMap(({ recommendations }) => recommendations).find((each) => each.id === id);
}

describe("the view of the CIS Docker Benchmark", () => {
  it("keeps the order of the benchmark", () => {
    expect(view([]).sections.map(({ id }) => id)).toEqual(["1.1", "1.2", "2", "3", "4", "5", "6", "7"]);
    expect(
      view([])
        .sections[0]?.recommendations.map(({ id }) => id)
        .slice(0, 3),
    ).toEqual(["1.1.1", "1.1.2", "1.1.3"]);
  });

  it("has 118 recommendations in 1.8 and 117 before, and numbers what moved", () => {
    const count = (version: "1.8" | "1.7") =>
      view([], version).sections.flatMap(({ recommendations }) => recommendations).length;
    expect([count("1.8"), count("1.7")]).toEqual([118, 117]);
    expect([cisId("2.7", "1.8"), cisId("2.7", "1.7"), cisId("2.8", "1.6")]).toEqual(["2.7", null, "2.7"]);
    expect(aliasesOf({ cis: ["2.8"] })).toEqual([
      "cis-docker-1.8:2.8",
      "cis-docker-1.7:2.7",
      "cis-docker-1.6:2.7",
    ]);
  });

  it("fails where one subject fails, and counts the subjects", () => {
    const two = view([container({ name: "a" }), container({ name: "b", id: "2".repeat(64) })]);
    expect(recommendation("5.11", two)).toMatchObject({ state: "fail", failures: 2 });
    expect(recommendation("5.16", two)).toMatchObject({ state: "pass", failures: 0 });
  });

  it("is unknown where nobody fails but something could not be read", () => {
    expect(recommendation("5.16", view([container(), unreadableContainer()]))?.state).toBe("unknown");
  });

  it("is not applicable for a swarm that is off, and manual with what to look at where no rule judges", () => {
    expect(recommendation("7.5", view([]))?.state).toBe("not-applicable");
    const manual = recommendation("4.3", view([]));
    expect(manual?.state).toBe("manual");
    expect(manual?.lookAt).not.toBe("");
  });

  it("does not pass a container recommendation where there is no container", () => {
    expect(recommendation("5.16", view([]))?.state).toBe("not-applicable");
    const hidden = container({ declared: missing("no answer") });
    expect(recommendation("5.15", view([hidden]))?.state).toBe("unknown");
  });
});
