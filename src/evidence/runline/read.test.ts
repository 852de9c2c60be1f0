import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentLine } from "./argv.ts";
import { readRunLine, runLineFile } from "./read.ts";
import { declaredBy, runLine } from "./testing.ts";

describe("a run line", () => {
  test("declares what its options say, in the form of docker inspect", () => {
    expect(
      declaredBy(
        "docker run -itd --privileged --user=1000:1000 -w /app --cap-drop ALL --cap-add net_admin --pid host " +
          "--ipc=host --uts host --userns host --cgroupns private --cgroup-parent /p --read-only --init " +
          "-m 512m --memory-swap -1 --cpus 1.5 --cpu-quota 5000 -c 256 --cpuset-cpus 0-1 --pids-limit 100 " +
          "--oom-kill-disable --oom-score-adj -500 --restart on-failure:3 --runtime runsc --group-add 10 " +
          "--log-driver none --sysctl net.core.somaxconn=1 --ulimit nofile=1024:2048 --ulimit core=0 -P " +
          "--volumes-from db:ro --link db:mysql --expose 99 --security-opt no-new-privileges " +
          "--security-opt seccomp=unconfined --entrypoint /e nginx:1 serve --all",
      ),
    ).toMatchObject({
      privileged: true,
      user: "1000:1000",
      workingDir: "/app",
      capAdd: ["CAP_NET_ADMIN"],
      capDrop: ["ALL"],
      securityOpt: ["no-new-privileges", "seccomp=unconfined"],
      pidMode: "host",
      ipcMode: "host",
      utsMode: "host",
      usernsMode: "host",
      cgroupnsMode: "private",
      cgroupParent: "/p",
      readonlyRootfs: true,
      init: true,
      memory: 512 * 2 ** 20,
      memorySwap: -1,
      nanoCpus: 1.5e9,
      cpuQuota: 5000,
      cpuShares: 256,
      cpusetCpus: "0-1",
      pidsLimit: 100,
      oomKillDisable: true,
      oomScoreAdj: -500,
      restart: { name: "on-failure", max: 3 },
      runtime: "runsc",
      groupAdd: ["10"],
      logDriver: "none",
      sysctls: { "net.core.somaxconn": "1" },
      ulimits: [
        { name: "nofile", soft: 1024, hard: 2048 },
        { name: "core", soft: 0, hard: 0 },
      ],
      publishAllPorts: true,
      volumesFrom: ["db:ro"],
      links: ["db:mysql"],
      exposedPorts: ["99"],
      entrypoint: ["/e"],
      command: ["serve"],
    });
  });

  test("reads options in every spelling that the command line takes", () => {
    for (const options of [
      "-u root",
      "-u=root",
      "-uroot",
      "-itu root",
      "--user root",
      "--user=root",
      "-dituroot",
    ]) {
      expect(declaredBy(`docker run ${options} nginx`)).toMatchObject({ user: "root", command: [] });
    }
    expect(declaredBy("docker run --privileged=false -t=false --net=host nginx -p 1:1")).toMatchObject({
      privileged: false,
      networkMode: "host",
      ports: [],
      command: ["-p"],
    });
    expect(runLine("docker run --rm -- nginx --privileged").image).toBe("nginx");
    expect(declaredBy("docker run --rm -- nginx --privileged").privileged).toBe(false);
  });

  test("lets the last of several options count, and keeps the items of lists once", () => {
    expect(
      declaredBy("docker run -m 1g -m 2g --cap-add A --cap-add CAP_a -e X=1 -e X=22 nginx"),
    ).toMatchObject({ memory: 2 ** 31, capAdd: ["CAP_A"], env: [{ name: "X", length: 2 }] });
  });

  test("goes on behind options that it does not know", () => {
    expect(runLine("docker run --new-flag --other=1 --third value --privileged nginx").image).toBe("nginx");
    expect(runLine("docker run --new-flag nginx").image).toBe("nginx");
  });

  test("has system paths and masks as the command line makes them", () => {
    expect(declaredBy("docker run --security-opt systempaths=unconfined x")).toMatchObject({
      securityOpt: [],
      maskedPaths: [],
      readonlyPaths: [],
    });
    expect(declaredBy("podman run --security-opt unmask=ALL x").maskedPaths).toEqual([]);
  });

  test("is on the engine's usual network unless it says otherwise", () => {
    const networks = (line: string): string[] => declaredBy(line).networks.map(({ name }) => name);
    expect(networks("docker run x")).toEqual(["bridge"]);
    expect(networks("podman run x")).toEqual(["podman"]);
    expect(networks("docker run --network default x")).toEqual(["bridge"]);
    expect(networks("docker run --network name=app,alias=y --net db x")).toEqual(["app", "db"]);
    expect(declaredBy("docker run --network name=app,alias=y x").networkMode).toBe("app");
  });

  test("has podman's own defaults", () => {
    expect(declaredBy("podman run x")).toMatchObject({
      pidsLimit: 2048,
      capDrop: ["CAP_AUDIT_WRITE", "CAP_MKNOD", "CAP_NET_RAW"],
    });
    expect(declaredBy("podman run --pids-limit -1 --cap-add NET_RAW,SYS_TIME x")).toMatchObject({
      pidsLimit: -1,
      capAdd: ["CAP_NET_RAW", "CAP_SYS_TIME"],
      capDrop: ["CAP_AUDIT_WRITE", "CAP_MKNOD"],
    });
  });

  test("never holds the value of an environment variable", () => {
    const container = runLine(
      "docker run -e A_TOKEN=verysecret -e B=$B -e C=${C:-dflt} -e D --label password=verysecret " +
        "--health-cmd 'curl -u me:verysecret x' nginx --password verysecret",
    );
    expect(JSON.stringify(container)).not.toContain("verysecret");
    expect(container.declared.ok && container.declared.value.env).toEqual([
      { name: "A_TOKEN", shape: "text", length: 10 },
      { name: "B", shape: "variable", length: 0 },
      { name: "C", shape: "text", length: 4 },
      { name: "D", shape: "empty", length: 0 },
    ]);
  });
});

describe("what only the run tells", () => {
  test("is noted, not guessed; the default of a variable counts", () => {
    const { declaredIn } = runLine(
      "docker run -m $MEM --privileged=$P -u $(id -u) --pids-limit ${P:-50} nginx",
    );
    expect(Object.keys(declaredIn?.unread ?? {})).toEqual([
      "HostConfig.Memory",
      "HostConfig.Privileged",
      "Config.User",
    ]);
    expect(declaredIn?.unread?.["HostConfig.Memory"]).toBe("-m is $MEM, which only the run tells");
    expect(declaredBy("docker run --pids-limit ${P:-50} nginx").pidsLimit).toBe(50);
    // no rule may say that there is no limit
    expect(declaredBy("docker run -m $MEM nginx").memory).toBeGreaterThan(0);
  });

  test("may be options, told from the image by name and place", () => {
    const image = (line: string): string => runLine(line).image;
    const star = (line: string): string | undefined => runLine(line).declaredIn?.unread?.["*"];
    expect([image("docker run $OPTS nginx"), star("docker run $OPTS nginx")]).toEqual([
      "nginx",
      "more options come from $OPTS, which only the run tells",
    ]);
    expect([image('docker run "${ARGS[@]}" --rm x'), star("docker run $IMAGE cmd")]).toEqual([
      "x",
      undefined,
    ]);
    expect(image("docker run $IMAGE cmd")).toBe("$IMAGE");
    expect(image("docker run $X --name y nginx")).toBe("nginx");
    expect(image("docker run $TTY app:$V make")).toBe("app:$V");
    expect(image("docker run ${V:+-v $V} nginx")).toBe("nginx");
    expect(image('docker run --rm "$@"')).toBe("$@");
    expect(image("docker run $X sh")).toBe("$X");
  });
});

describe("places", () => {
  const text =
    "sudo docker run -itP --privileged \\\n  -v /etc:/e:ro -e A=1 --cap-add SYS_ADMIN -p80:80 \\\n  nginx cmd";
  const { declaredIn } = runLine(text);
  const at = (path: string): string => {
    const place = declaredIn?.places[path];
    return place === undefined ? "" : `${place.field}|${text.slice(place.start, place.end)}`;
  };

  test("are those of the whole option", () => {
    expect(at("HostConfig.Privileged")).toBe("--privileged|--privileged");
    expect(at("HostConfig.PublishAllPorts")).toBe("-P|P");
    expect(at("Mounts /e")).toBe("-v|-v /etc:/e:ro");
    expect(at("Config.Env A")).toBe("-e|-e A=1");
    expect(at("HostConfig.CapAdd/CapDrop CAP_SYS_ADMIN")).toBe("--cap-add|--cap-add SYS_ADMIN");
    expect(at("NetworkSettings.Ports 80/tcp")).toBe("-p|-p80:80");
    expect(at("Image")).toBe("image|nginx");
  });

  test("begin with the program, not with its wrapper", () => {
    expect(declaredIn?.place).toEqual({ field: "docker run", start: 5, end: text.length });
  });

  test("of security options are those that take a barrier away", () => {
    const strong = runLine("docker run --security-opt no-new-privileges x").declaredIn?.places ?? {};
    expect(Object.keys(strong)).not.toContain("HostConfig.SecurityOpt");
    const both = "docker run --security-opt no-new-privileges --security-opt label=disable x";
    const place = runLine(both).declaredIn?.places["HostConfig.SecurityOpt"];
    expect(both.slice(place?.start, place?.end)).toBe("--security-opt label=disable");
  });
});

describe("the command", () => {
  test("is known behind wrappers, global options and in variables", () => {
    for (const start of [
      "docker",
      "sudo -E docker",
      "/usr/bin/docker --context prod",
      "docker -H ssh://x -D",
      "podman --remote",
      "env A=1 nohup nerdctl -n k8s.io",
      "$DOCKER",
      '"${CONTAINER_ENGINE}"',
      "sudo $(DOCKER)",
    ]) {
      expect(runLine(`${start} run --privileged nginx`).image, start).toBe("nginx");
    }
    expect(runLine("docker container create x").image).toBe("x");
  });

  test.each([
    "docker exec x run",
    "docker compose run web",
    "docker run",
    "docker run --help",
    "docker run [OPTIONS] IMAGE",
    "docker run ... x",
    "echo docker run x",
    "docker service create x",
    "$x run y",
    "docker-compose run x",
  ])("%s starts no container", (text) => {
    expect(() => runLine(text)).toThrow("not one container");
  });

  test("can be given as words", () => {
    const { text, words } = argumentLine(["docker", "run", "-v", "/a b:/c", "--name", "it's", "nginx"]);
    expect(text).toBe(String.raw`docker run -v '/a b:/c' --name 'it'\''s' nginx`);
    const container = readRunLine(words, runLineFile("command line"));
    expect(container).toMatchObject({
      name: "it's",
      image: "nginx",
      manager: "run",
      state: "",
      engine: null,
    });
    const mount = container?.declaredIn?.places["Mounts /c"];
    expect(text.slice(mount?.start, mount?.end)).toBe("-v '/a b:/c'");
    expect(readRunLine([], runLineFile("x"))).toBeNull();
  });

  test("never throws, and all places lie in the text", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "-p",
        "-v",
        "--mount",
        "--",
        "-it",
        "--cap-add",
        "--ulimit",
        "--device",
        "--sysctl",
        "--tmpfs",
      ),
      fc.constantFrom(
        "80:80",
        "/a:/b",
        "type=bind,src=/,dst=/x",
        "a=b",
        "nginx",
        "$X",
        "1-65535:1-65535",
        ":",
        ",",
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (args) => {
        const { text, words } = argumentLine(["docker", "run", ...args]);
        const container = readRunLine(words, runLineFile("x"));
        for (const { start, end } of Object.values(container?.declaredIn?.places ?? {})) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
