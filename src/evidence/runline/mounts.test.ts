import { describe, expect, test } from "vitest";
import { optionMount, tmpfsMount, volumeMount } from "./mounts.ts";

describe("-v", () => {
  test.each([
    ["/a:/b", { type: "bind", source: "/a", target: "/b", writable: true, propagation: "rprivate" }],
    ["/a/:/b/:ro", { source: "/a", target: "/b", writable: false, mode: "ro" }],
    ["/x/../etc:/b:rshared,ro", { source: "/etc", writable: false, propagation: "rshared" }],
    ["data:/data", { type: "volume", source: "data", volume: "data", target: "/data" }],
    ["./src:/app", { type: "bind", source: "./src", target: "/app" }],
    ["$PWD:/app:z", { type: "bind", source: "$PWD", target: "/app", mode: "z" }],
    ["$(pwd):/app", { type: "bind", source: "$(pwd)", target: "/app" }],
    ["${DIR}/x:/app", { type: "bind", source: "${DIR}/x", target: "/app" }],
    ["~/.ssh:/root/.ssh", { type: "bind", source: "/home/$USER/.ssh" }],
    ["$HOME/.kube:/k", { source: "/home/$USER/.kube" }],
    ["/data", { type: "volume", source: "(anonymous)", target: "/data" }],
    [
      String.raw`C:\data:C:\app:ro`,
      { type: "bind", source: String.raw`C:\data`, target: String.raw`C:\app`, writable: false },
    ],
    ["c:/data:/app", { type: "bind", source: "c:/data", target: "/app" }],
    [
      String.raw`\\.\pipe\docker_engine:\\.\pipe\docker_engine`,
      {
        type: "bind",
        source: String.raw`\\.\pipe\docker_engine`,
        target: String.raw`\\.\pipe\docker_engine`,
      },
    ],
  ])("%s", (text, mount) => {
    expect(volumeMount(text)).toMatchObject(mount);
  });

  test("of nothing is none", () => {
    expect(volumeMount("")).toBeNull();
    expect(volumeMount(":/x")).toBeNull();
  });
});

describe("--mount", () => {
  test.each([
    ["type=bind,src=/a,dst=/b", { type: "bind", source: "/a", target: "/b", writable: true }],
    ["type=bind,source=/a/,destination=/b,readonly", { source: "/a", target: "/b", writable: false }],
    [
      "type=bind,src=/a,target=/b,ro=false,bind-propagation=rslave",
      { writable: true, propagation: "rslave" },
    ],
    ["src=v,dst=/v", { type: "volume", source: "v", volume: "v" }],
    ["type=tmpfs,dst=/t,tmpfs-size=1m", { type: "tmpfs", source: "", target: "/t" }],
    ['type=bind,"src=/a,b",dst=/c', { source: "/a,b", target: "/c" }],
  ])("%s", (text, mount) => {
    expect(optionMount(text)).toMatchObject(mount);
  });

  test("without a target is none", () => {
    expect(optionMount("type=bind,src=/a")).toBeNull();
  });
});

test("--tmpfs has options behind a colon", () => {
  expect(tmpfsMount("/run:rw,size=64m")).toEqual({ target: "/run", options: "rw,size=64m" });
  expect(tmpfsMount("/run/")).toEqual({ target: "/run", options: "" });
});
