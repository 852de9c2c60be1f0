import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { findProgram } from "./packages.ts";

/** The test image: a complete static busybox, a user `app` (1000), and two programs that rules look for. */
export const IMAGE = "busybox:test";

/**
 * Packs the files of {@link IMAGE} as a tar, to be imported.
 *
 * @returns path of the tar, in `folder`
 */
export function packImage(folder: string): string {
  const root = join(folder, "image");
  const busybox = findProgram("busybox") ?? "/bin/busybox";
  for (const path of ["bin", "etc", "usr/sbin", "suid", "tmp", "proc", "sys", "dev"]) {
    fs.mkdirSync(join(root, path), { recursive: true });
  }
  fs.chmodSync(join(root, "tmp"), 0o1777);
  fs.copyFileSync(busybox, join(root, "bin/busybox"));
  for (const applet of execFileSync(busybox, ["--list"]).toString().trim().split("\n")) {
    if (applet !== "busybox") fs.symlinkSync("busybox", join(root, "bin", applet));
  }
  // Called by another name it is the applet of that name, while the kernel tells this file's name.
  fs.copyFileSync(busybox, join(root, "usr/sbin/sshd"));
  fs.copyFileSync(busybox, join(root, "suid/busybox"));
  fs.chmodSync(join(root, "suid/busybox"), 0o4755);
  fs.symlinkSync("busybox", join(root, "suid/su"));
  // Root without password, so that the setuid `su` makes a user root without asking.
  fs.writeFileSync(join(root, "etc/passwd"), "root::0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n");
  fs.writeFileSync(join(root, "etc/group"), "root:x:0:\napp:x:1000:\n");
  const tar = join(folder, "image.tar");
  execFileSync("tar", ["--numeric-owner", "--owner=0", "--group=0", "-C", root, "-cf", tar, "."]);
  fs.rmSync(root, { recursive: true });
  return tar;
}

/** Packs {@link IMAGE} as the archive that `docker save` writes; gives its path, in `folder`. */
export function packArchive(folder: string): string {
  const layer = packImage(folder);
  const root = join(folder, "archive");
  fs.mkdirSync(root);
  fs.renameSync(layer, join(root, "layer.tar"));
  const digest = createHash("sha256")
    .update(fs.readFileSync(join(root, "layer.tar")))
    .digest("hex");
  const config = {
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Cmd: ["sh"], Env: ["PATH=/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
  };
  const manifest = [
    { Config: "config.json", RepoTags: [`docker.io/library/${IMAGE}`], Layers: ["layer.tar"] },
  ];
  fs.writeFileSync(join(root, "config.json"), JSON.stringify(config));
  fs.writeFileSync(join(root, "manifest.json"), JSON.stringify(manifest));
  const tar = join(folder, "archive.tar");
  execFileSync("tar", ["-C", root, "-cf", tar, "manifest.json", "config.json", "layer.tar"]);
  fs.rmSync(root, { recursive: true });
  return tar;
}
