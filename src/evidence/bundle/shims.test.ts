import { afterEach, describe, expect, it } from "vitest";
import { viewKernel } from "../kernel/view.ts";
import { type Entry, processEntries, testHost, type TestHost } from "../testing.ts";
import { findSupervised, readBundle, type SupervisedContainer } from "./shims.ts";

const ID = "a".repeat(64);
const BUNDLE = `/run/containerd/io.containerd.runtime.v2.task/moby/${ID}`;

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function supervised(entries: Record<string, Entry>): SupervisedContainer[] {
  host = testHost({ ...processEntries(1, "init", { parent: 0 }), ...entries });
  return findSupervised(viewKernel(host.files));
}

/** A shim and the bundle that it works in. */
function shim(
  pid: number,
  options: {
    id?: string;
    namespace?: string;
    parent?: number;
    bundle?: string;
    initPid?: string;
    config?: string;
  },
): Record<string, Entry> {
  const {
    id = ID,
    namespace = "moby",
    parent = 1,
    bundle = BUNDLE,
    config = '{"process":{"cwd":"/app"}}',
  } = options;
  const argv = ["/usr/bin/containerd-shim-runc-v2", "-namespace", namespace, "-id", id, "-address", "/x"];
  return {
    ...processEntries(pid, "containerd-shim", { parent, argv }),
    [`/proc/${pid}/cwd`]: { link: bundle },
    [`/proc/${pid}/root${bundle}/config.json`]: config,
    [`/proc/${pid}/root${bundle}/init.pid`]: options.initPid ?? "",
  };
}

describe("findSupervised", () => {
  it("finds a container of Docker by its shim", () => {
    const [container, ...others] = supervised({
      ...shim(20, { initPid: "50" }),
      ...processEntries(49, "exec", { parent: 20 }),
      ...processEntries(50, "nginx", { parent: 20 }),
    });
    expect(others).toEqual([]);
    expect(container).toMatchObject({
      id: ID,
      manager: "docker",
      name: ID.slice(0, 12),
      initPid: 50,
      bundle: { ok: true, value: { container: { cwd: "/app", source: `${BUNDLE}/config.json` } } },
    });
  });

  it("calls containers of other users of containerd by its namespace", () => {
    expect(supervised(shim(20, { namespace: "k8s.io" }))[0]).toMatchObject({ manager: "k8s.io", initPid: 0 });
  });

  it("finds a container of podman by its conmon, and leaves exec sessions out", () => {
    const argv = [
      "/usr/bin/conmon",
      "--api-version",
      "1",
      "-c",
      ID,
      "-u",
      ID,
      "-r",
      "/usr/bin/crun",
      "-b",
      "/b",
      "-n",
      "web",
    ];
    const found = supervised({
      ...processEntries(20, "conmon", { argv }),
      "/proc/20/root/b/config.json": "{}",
      ...processEntries(50, "nginx", { parent: 20 }),
      ...processEntries(21, "conmon", { argv: [...argv, "-e", "--exec-process-spec", "/x"] }),
      ...processEntries(51, "sh", { parent: 21 }),
    });
    expect(found).toMatchObject([
      { id: ID, manager: "podman", name: "web", initPid: 50, bundle: { ok: true } },
    ]);
  });

  it("believes a pid file only about a child of the shim", () => {
    const entries = { ...shim(20, { initPid: "1" }), ...processEntries(50, "nginx", { parent: 20 }) };
    expect(supervised(entries)[0]?.initPid).toBe(50);
  });

  it("does not let a process in a container speak for the container", () => {
    const found = supervised({
      ...shim(900, { parent: 50, bundle: "/fake", config: '{"process":{"cwd":"/fake"}}' }),
      ...shim(20, { initPid: "50" }),
      ...processEntries(50, "evil", { parent: 20 }),
    });
    expect(found).toMatchObject([{ id: ID, bundle: { value: { container: { cwd: "/app" } } } }]);
  });

  it("follows no link of a bundle out of the root of its shim", () => {
    const [container] = supervised({
      ...processEntries(20, "containerd-shim", { argv: ["containerd-shim", "-namespace", "x", "-id", ID] }),
      "/proc/20/cwd": { link: "/b" },
      "/proc/20/root/b/config.json": { link: "/etc/secret.json" },
      "/etc/secret.json": '{"process":{"cwd":"/secret"}}',
    });
    expect(container?.bundle).toEqual({ ok: false, why: "/b/config.json: does not exist" });
  });

  it("leaves out supervisors without the usual arguments, and ids that are none", () => {
    expect(
      supervised({
        ...processEntries(20, "containerd-shim", { argv: ["containerd-shim", "-version"] }),
        ...processEntries(21, "conmon", { argv: ["conmon", "--version"] }),
        ...processEntries(22, "containerd-shim", {
          argv: ["x", "-namespace", "moby", "-id", "a".repeat(10_000)],
        }),
        ...processEntries(23, "containerd-shim", { argv: ["x", "-namespace", "moby", "-id"] }),
      }),
    ).toEqual([]);
  });

  it("ends where reused pids form a ring", () => {
    const found = supervised({ ...shim(20, { parent: 21 }), ...shim(21, { parent: 20, id: "b" }) });
    expect(found.map(({ id }) => id).toSorted()).toEqual([ID, "b"]);
  });
});

describe("readBundle", () => {
  it("says why there is none", () => {
    host = testHost({ "/b/config.json": "{", "/c/config.json": " ".repeat((8 << 20) + 1) });
    expect(readBundle(host.files, "/b/config.json", "shown")).toEqual({
      ok: false,
      why: "shown: is not JSON",
    });
    expect(readBundle(host.files, "/c/config.json", "shown")).toEqual({ ok: false, why: "shown: too large" });
    expect(readBundle(host.files, "/d/config.json", "shown")).toEqual({
      ok: false,
      why: "shown: does not exist",
    });
  });
});
