import type { ContainerEvidence, DeclaredContainer, DeclaredIn } from "#model/evidence/container.ts";
import { got, missing } from "#model/reading.ts";

/** A declaration in which nothing is asked for: each engine default, as `docker inspect` shows it. */
export function nothingDeclared(source: string): DeclaredContainer {
  return {
    source,
    imageId: "",
    user: "",
    workingDir: "",
    entrypoint: [],
    command: [],
    env: [],
    labels: {},
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    pidMode: "",
    ipcMode: "",
    networkMode: "",
    utsMode: "",
    usernsMode: "",
    cgroupnsMode: "",
    readonlyRootfs: false,
    mounts: [],
    tmpfs: {},
    volumesFrom: [],
    links: [],
    devices: [],
    deviceCgroupRules: [],
    ports: [],
    publishAllPorts: false,
    exposedPorts: [],
    memory: 0,
    memorySwap: 0,
    nanoCpus: 0,
    cpuQuota: 0,
    cpuShares: 0,
    cpusetCpus: "",
    pidsLimit: 0,
    ulimits: [],
    oomKillDisable: false,
    oomScoreAdj: 0,
    restart: { name: "", max: 0 },
    cgroupParent: "",
    sysctls: {},
    runtime: "",
    init: false,
    logDriver: "",
    logOptions: {},
    maskedPaths: null,
    readonlyPaths: null,
    healthcheck: null,
    groupAdd: [],
    networks: [],
  };
}

/** A container that stands in a file and need not run: nothing but its declaration can be read. */
export function declaredOnly(parts: {
  name: string;
  image: string;
  declared: DeclaredContainer;
  declaredIn: DeclaredIn;
}): ContainerEvidence {
  const { name, image, declared, declaredIn } = parts;
  const nothing = missing("nothing runs yet: judged by its declaration");
  return {
    id: `${declaredIn.path}#${name}`,
    name,
    engine: null,
    manager: declaredIn.carrier,
    image,
    state: "",
    createdAt: "",
    startedAt: "",
    finishedAt: "",
    health: "none",
    self: false,
    declared: got(declared),
    specified: nothing,
    actual: nothing,
    execs: nothing,
    declaredIn,
  };
}
