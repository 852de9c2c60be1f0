import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { got, missing } from "#model/reading.ts";
import { readImage, readNetwork, readSwarm } from "./objects.ts";

describe("readImage", () => {
  const entry = {
    Id: "sha256:8672",
    RepoTags: ["app:1", "<none>:<none>"],
    RepoDigests: ["app@sha256:1", "<none>@<none>"],
    Created: 1795302349,
    Size: 1984132,
    Containers: -1,
  };
  const inspect = got({
    Config: {
      User: "app",
      Env: ["NPM_TOKEN=hunter2", "MODE=x"],
      Labels: { maintainer: "a", "deploy.secret": "hunter2" },
      ExposedPorts: { "80/tcp": {} },
      Volumes: { "/data": {} },
      WorkingDir: "/app",
      Entrypoint: ["run", "--password", "hunter2"],
      Cmd: ["--api-key=hunter2"],
      Healthcheck: { Test: ["CMD", "true"] },
    },
    Comment: "c",
    RootFS: { Type: "layers", Layers: ["sha256:1", "sha256:2"] },
  });
  const history = got([
    { CreatedBy: "RUN curl -u bob:hunter2 https://x", Comment: "buildkit", Size: 5 },
    { CreatedBy: "x".repeat(10_000), Comment: "", Size: 0 },
  ]);

  it("reads every field, and masks what is secret", () => {
    const image = readImage(entry, inspect, history);
    expect(JSON.stringify(image)).not.toContain("hunter2");
    expect(image).toMatchObject({
      id: "sha256:8672",
      tags: ["app:1"],
      digests: ["app@sha256:1"],
      createdAt: "2026-11-21T23:05:49.000Z",
      size: 1984132,
      containers: -1,
      detail: {
        ok: true,
        value: {
          user: "app",
          env: [
            { name: "NPM_TOKEN", shape: "text", length: 7 },
            { name: "MODE", shape: "text", length: 1 },
          ],
          labels: { maintainer: "a", "deploy.secret": "****" },
          exposedPorts: ["80/tcp"],
          volumes: ["/data"],
          workingDir: "/app",
          entrypoint: ["run", "--password", "****"],
          command: ["--api-key=****"],
          healthcheck: ["CMD", "true"],
          comment: "c",
          layers: ["sha256:1", "sha256:2"],
          history: [
            { createdBy: "RUN curl -u bob:**** https://x", comment: "buildkit", size: 5 },
            { createdBy: "x".repeat(4000) },
          ],
        },
      },
    });
  });

  it("has no detail where one of the two answers is missing", () => {
    const why = missing("GET /images/x/json: no answer within 2 s");
    expect(readImage(entry, why, history).detail).toBe(why);
    expect(readImage(entry, inspect, why).detail).toBe(why);
  });

  it("never throws, whatever the engine answers", () => {
    expect(readImage({ Created: 1e300 }, inspect, history).createdAt).toBe("");
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(readImage(a, got(b), got(a)).detail.ok).toBe(true);
        expect(readImage({ Created: a }, got({ Config: b, RootFS: a }), got(b)).detail.ok).toBe(true);
      }),
    );
  });
});

describe("readNetwork", () => {
  it("reads every field", () => {
    expect(
      readNetwork({
        Id: "f483",
        Name: "backend",
        Driver: "overlay",
        Scope: "swarm",
        Internal: true,
        Attachable: true,
        Ingress: false,
        Options: { encrypted: "" },
        IPAM: { Config: [{ Subnet: "10.0.1.0/24" }, { Gateway: "10.0.1.1" }] },
        Containers: { "1": { Name: "web" }, "2": { Name: "db" } },
      }),
    ).toEqual({
      id: "f483",
      name: "backend",
      driver: "overlay",
      scope: "swarm",
      internal: true,
      attachable: true,
      ingress: false,
      options: { encrypted: "" },
      subnets: ["10.0.1.0/24"],
      containers: ["web", "db"],
    });
  });

  it("never throws, whatever the engine answers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(typeof readNetwork(value).name).toBe("string");
        expect(readNetwork({ IPAM: value, Containers: value, Options: value }).name).toBe("");
        expect(readNetwork({ IPAM: { Config: value } }).subnets).not.toContain("");
      }),
    );
  });
});

describe("readSwarm", () => {
  it("reads every field, with the life of the root certificate", () => {
    const request =
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -days 10";
    const certificate = execFileSync("openssl", [...request.split(" "), "-subj", "/CN=swarm-ca"], {
      encoding: "utf8",
      stdio: "pipe",
    });
    const swarm = readSwarm(
      {
        Spec: {
          EncryptionConfig: { AutoLockManagers: true },
          CAConfig: { NodeCertExpiry: 7776000000000000 },
        },
        TLSInfo: { TrustRoot: certificate },
      },
      [
        {
          ID: "n1",
          Spec: { Role: "manager" },
          Status: { Addr: "10.0.0.1", State: "ready" },
          Description: { Hostname: "vm", Engine: { EngineVersion: "20.10.24" } },
        },
      ],
      [
        {
          Spec: {
            Name: "api",
            TaskTemplate: {
              ContainerSpec: { Image: "app:1", Env: ["PASSWORD=hunter2"], Secrets: [{ SecretName: "db" }] },
            },
          },
        },
      ],
      [{ Spec: { Name: "db" } }],
      "10.0.0.2",
    );
    const { rootCa, ...rest } = swarm;
    expect(rest).toEqual({
      autolock: true,
      nodeCertExpiry: 7776000000000000,
      dataPathAddress: "10.0.0.2",
      nodes: [
        {
          id: "n1",
          hostName: "vm",
          role: "manager",
          address: "10.0.0.1",
          state: "ready",
          engineVersion: "20.10.24",
        },
      ],
      secrets: ["db"],
      services: [
        {
          name: "api",
          image: "app:1",
          env: [{ name: "PASSWORD", shape: "text", length: 7 }],
          secrets: ["db"],
        },
      ],
    });
    const days = (Date.parse(rootCa?.notAfter ?? "") - Date.parse(rootCa?.notBefore ?? "")) / 86_400_000;
    expect(days).toBe(10);
  });

  it("never throws, whatever the engine answers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(readSwarm(a, a, a, a, "").rootCa).toBeNull();
        readSwarm({ Spec: a, TLSInfo: b }, [b], [{ Spec: a }], [b], "");
      }),
    );
  });
});
