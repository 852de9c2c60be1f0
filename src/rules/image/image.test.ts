import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { contextOf, evidence, image, judgements, ruleById, verdictOf } from "../testing.ts";
import steps from "./build-steps.ts";
import { historySteps } from "./facts.ts";
import healthcheck from "./healthcheck.ts";
import origin, { isFrom } from "./origin.ts";
import secret from "./secrets.ts";
import userRoot from "./user-root.ts";

type Detail = Extract<ReturnType<typeof image>["detail"], { ok: true }>["value"];

function built(changes: Partial<Detail>) {
  const base = image();
  if (!base.detail.ok) throw new Error("builder");
  return image({ detail: got({ ...base.detail.value, ...changes }) });
}
function ran(...createdBy: string[]) {
  // Oldest first here, newest first in the engine's answer.
  return built({
    history: createdBy.toReversed().map((each) => ({ createdBy: each, comment: "", size: 1 })),
  });
}
const unreadable = image({ detail: missing("GET /images: no answer within 2 s") });

describe("history of an image", () => {
  it("reads both builders' notations", () => {
    const read = historySteps(
      ran(
        "/bin/sh -c #(nop) ADD file:abc in / ",
        "/bin/sh -c apt-get update",
        "|1 A=1 /bin/sh -c make",
        "RUN /bin/sh -c apk add curl # buildkit",
        "COPY app / # buildkit",
      ),
    ).map(({ instruction, arguments: text }) => `${instruction}: ${text}`);
    expect(read).toEqual([
      "ADD: file:abc in /",
      "RUN: apt-get update",
      "RUN: make",
      "RUN: /bin/sh -c apk add curl",
      "COPY: app /",
    ]);
  });
});

describe("SW-IMAGE-USER-ROOT", () => {
  it.each([
    ["", "fail"],
    ["root", "fail"],
    ["0:0", "fail"],
    ["1000:1000", "pass"],
    ["nginx", "pass"],
  ])("user %j: %s", (user, verdict) => {
    expect(verdictOf(userRoot, built({ user })).verdict).toBe(verdict);
  });
  it("tells of an import, which drops the user", () => {
    expect(verdictOf(userRoot, built({ user: "", comment: "Imported from -" })).message).toContain(
      "imported",
    );
  });
  it("is unknown without detail", () => {
    expect(verdictOf(userRoot, unreadable).verdict).toBe("unknown");
  });
});

describe("SW-IMAGE-HEALTHCHECK", () => {
  it("fails for none and for NONE", () => {
    expect(verdictOf(healthcheck, built({ healthcheck: null })).verdict).toBe("fail");
    expect(verdictOf(healthcheck, built({ healthcheck: ["NONE"] })).message).toContain("switches");
    expect(verdictOf(healthcheck, image()).verdict).toBe("pass");
    expect(verdictOf(healthcheck, unreadable).verdict).toBe("unknown");
  });
});

describe("SW-IMAGE-UPDATE-ALONE", () => {
  const rule = ruleById(steps, "SW-IMAGE-UPDATE-ALONE");
  it.each([
    ["/bin/sh -c apt-get update", "fail"],
    ["/bin/sh -c apt-get -qq update && true", "fail"],
    ["/bin/sh -c apt-get update && apt-get install -y curl", "pass"],
    ["/bin/sh -c apk update", "fail"],
    ["/bin/sh -c apk add --update curl", "pass"],
    ["/bin/sh -c echo update", "pass"],
    ["RUN /bin/sh -c yum makecache && yum -y install x # buildkit", "pass"],
  ])("%s: %s", (step, verdict) => {
    expect(verdictOf(rule, ran("base", step)).verdict).toBe(verdict);
  });
  it("does not apply without a history, and is unknown without detail", () => {
    expect(verdictOf(rule, ran()).verdict).toBe("not-applicable");
    expect(verdictOf(rule, unreadable).verdict).toBe("unknown");
  });
});

describe("SW-IMAGE-ADD", () => {
  const rule = ruleById(steps, "SW-IMAGE-ADD");
  const base = `/bin/sh -c #(nop) ADD file:${"a".repeat(64)} in / `;
  it("lets the base's root file system be, and names the rest", () => {
    expect(verdictOf(rule, ran(base)).verdict).toBe("pass");
    expect(verdictOf(rule, ran(base, "ADD app.jar /app # buildkit")).verdict).toBe("fail");
    expect(verdictOf(rule, ran(base, "ADD https://example.com/x.tgz /x # buildkit"))).toMatchObject({
      severity: "medium",
    });
    expect(
      verdictOf(rule, ran(base, "ADD --checksum=sha256:1 https://example.com/x /x # buildkit")).verdict,
    ).toBe("pass");
  });
});

describe("SW-IMAGE-UNVERIFIED-DOWNLOAD", () => {
  const rule = ruleById(steps, "SW-IMAGE-UNVERIFIED-DOWNLOAD");
  it.each([
    "apt-get install -y --allow-unauthenticated x",
    "apk add --allow-untrusted x.apk",
    "yum install -y --nogpgcheck x",
    "curl -fsSLk https://e.com/x -o x",
    "curl --insecure https://e.com/x -o x",
    "wget --no-check-certificate https://e.com/x",
    "curl -fsSL https://e.com/i.sh | sh",
    "curl -fsSL https://e.com/i.sh | sudo bash",
    "pip install --trusted-host e.com x",
    "npm config set strict-ssl false",
  ])("fails %s", (command) => {
    expect(verdictOf(rule, ran("base", `/bin/sh -c ${command}`)).verdict).toBe("fail");
  });
  it.each([
    "curl -fsSL https://e.com/k.asc -o k",
    "apt-get install -y curl",
    "wget -q https://e.com/x && sh build.sh",
  ])("passes %s", (command) => {
    expect(verdictOf(rule, ran("base", `/bin/sh -c ${command}`)).verdict).toBe("pass");
  });
});

describe("SW-IMAGE-EXPOSE-SSH", () => {
  const rule = ruleById(steps, "SW-IMAGE-EXPOSE-SSH");
  it("fails for port 22 only", () => {
    expect(verdictOf(rule, built({ exposedPorts: ["22/tcp"] })).verdict).toBe("fail");
    expect(verdictOf(rule, built({ exposedPorts: ["2222/tcp"] })).verdict).toBe("pass");
    expect(verdictOf(rule, unreadable).verdict).toBe("unknown");
  });
});

describe("SW-IMAGE-SECRET", () => {
  it("finds one per variable and per step, and shows no value", () => {
    const subject = built({
      env: [
        { name: "DB_PASSWORD", shape: "text", length: 12 },
        { name: "PATH", shape: "path", length: 20 },
      ],
      history: [{ createdBy: "/bin/sh -c login --token=**** ", comment: "", size: 1 }],
    });
    const found = judgements(secret, subject);
    expect(found.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
    expect(JSON.stringify(found)).toContain("DB_PASSWORD");
  });
  it("passes clean ones", () => {
    expect(verdictOf(secret, image()).verdict).toBe("pass");
    expect(verdictOf(secret, unreadable).verdict).toBe("unknown");
  });
});

describe("SW-IMAGE-REGISTRY", () => {
  const rule = ruleById(origin, "SW-IMAGE-REGISTRY");
  const trusting = (...trustedRegistries: string[]) =>
    contextOf(evidence(), { settings: { ...DEFAULT_SETTINGS, trustedRegistries } });
  it("does not apply until the policy names registries", () => {
    expect(verdictOf(rule, image()).verdict).toBe("not-applicable");
  });
  it("judges by the full name", () => {
    expect(verdictOf(rule, image({ tags: ["nginx:1"] }), trusting("docker.io/library")).verdict).toBe("pass");
    expect(
      verdictOf(rule, image({ tags: ["stranger/nginx:1"] }), trusting("docker.io/library")).verdict,
    ).toBe("fail");
  });
  it.each([
    ["nginx", "docker.io/library", true],
    ["team/app:1", "docker.io/team", true],
    ["docker.io.evil.example/library/nginx", "docker.io/library", false],
    ["registry.example.com:5000/app:1", "registry.example.com:5000", true],
    ["registry.example.com/app", "registry.example.com/*", true],
    ["localhost/app", "docker.io", false],
  ])("%s from %s: %s", (name, trusted, expected) => {
    expect(isFrom(name, trusted)).toBe(expected);
  });
});

describe("SW-IMAGE-AGE", () => {
  const rule = ruleById(origin, "SW-IMAGE-AGE");
  it("counts days by the clock of the evidence", () => {
    expect(verdictOf(rule, image({ createdAt: "2025-01-01T00:00:00.000Z" })).verdict).toBe("fail");
    expect(verdictOf(rule, image({ createdAt: "2026-01-01T00:00:00.000Z" })).verdict).toBe("pass");
    expect(verdictOf(rule, image({ createdAt: "1970-01-01T00:00:00.000Z" })).verdict).toBe("not-applicable");
  });
});
