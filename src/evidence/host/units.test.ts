import { afterEach, describe, expect, it } from "vitest";
import { testHost, type TestHost } from "../testing.ts";
import { unitFilesOf } from "./units.ts";

let host: TestHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

describe("unitFilesOf", () => {
  it("finds units and drop-ins, each once under its real path", () => {
    host = testHost({
      "/lib": { link: "usr/lib" },
      "/usr/lib/systemd/system/docker.service": "[Unit]",
      "/usr/lib/systemd/system/docker.socket": "[Unit]",
      "/etc/systemd/system/docker.service": { link: "/lib/systemd/system/docker.service" },
      "/etc/systemd/system/docker.service.d/20-b.conf": "x",
      "/etc/systemd/system/docker.service.d/10-a.conf": "x",
      "/etc/systemd/system/docker.service.d/README": "x",
      "/run/systemd/system/docker.service.d/gen.conf": "x",
      "/etc/systemd/system/sshd.service": "x",
    });
    expect(unitFilesOf(host.files, ["docker.service", "docker.socket"])).toEqual([
      "/usr/lib/systemd/system/docker.service",
      "/etc/systemd/system/docker.service.d/10-a.conf",
      "/etc/systemd/system/docker.service.d/20-b.conf",
      "/run/systemd/system/docker.service.d/gen.conf",
      "/usr/lib/systemd/system/docker.socket",
    ]);
  });

  it("leaves out masked units, dangling links and folders", () => {
    host = testHost({
      "/dev/null": { folder: true },
      "/etc/systemd/system/docker.service": { link: "/dev/null" },
      "/etc/systemd/system/docker.socket": { link: "/gone" },
      "/etc/systemd/system/containerd.service": { folder: true },
    });
    expect(unitFilesOf(host.files, ["docker.service", "docker.socket", "containerd.service"])).toEqual([]);
  });
});
