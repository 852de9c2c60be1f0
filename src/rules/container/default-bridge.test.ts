import { expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import {
  container,
  contextOf,
  declaredContainer,
  engine,
  evidence,
  network,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import bridge from "./default-bridge.ts";

function on(...networks: ReturnType<typeof network>[]) {
  return contextOf(evidence({ engines: [engine({ networks: got(networks) })] }));
}

function joins(name: string, id = "f".repeat(64)) {
  return container({ declared: got(declaredContainer({ networks: [{ name, id, ip: "" }] })) });
}

it("fails on the default bridge, and names who else is there", () => {
  expect(verdictOf(bridge, container(), on(network({ containers: ["web", "db"] })))).toMatchObject({
    verdict: "fail",
    message: "is on the default bridge, together with db",
    evidence: [{ witness: "declared", value: "bridge" }],
  });
});

it("goes by the name where the networks could not be asked", () => {
  const context = contextOf(evidence({ engines: [engine({ networks: missing("no answer") })] }));
  expect(verdictOf(bridge, container(), context)).toMatchObject({
    verdict: "fail",
    message: "is on the default bridge",
  });
  expect(verdictOf(bridge, joins("app"), context).verdict).toBe("pass");
});

it("is mild where containers are cut off from each other", () => {
  const options = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "false",
  };
  expect(verdictOf(bridge, container(), on(network({ options })))).toMatchObject({
    verdict: "fail",
    severity: "info",
  });
});

it("passes on networks of its own, whatever they are called", () => {
  const own = network({ id: "1", name: "bridge", options: {} });
  expect(verdictOf(bridge, joins("bridge", "1"), on(own)).verdict).toBe("pass");
  expect(verdictOf(bridge, joins("app_default", "2"), on(network())).verdict).toBe("pass");
  const none = container({ declared: got(declaredContainer({ networks: [] })) });
  expect(verdictOf(bridge, none)).toMatchObject({ verdict: "pass", evidence: [{ value: "none" }] });
});

it("does not know without the declaration", () => {
  expect(verdictOf(bridge, unreadableContainer()).verdict).toBe("unknown");
});
