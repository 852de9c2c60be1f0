import type { EngineEvidence } from "#model/evidence/engine.ts";
import {
  declared,
  fail,
  type Judgement,
  notApplicable,
  page,
  pass,
  type Rule,
  rule,
  unknown,
} from "../rule.ts";
import { DEPRECATED } from "./facts/references.ts";
import { settingOf, textsOf, withoutDaemon } from "./facts/settings.ts";

const SELECT = page(
  "Docker docs: storage drivers",
  "https://docs.docker.com/engine/storage/drivers/select-storage-driver/",
);

/** Storage drivers that were removed from the engine, with the release that no longer had them. */
const REMOVED = [
  {
    id: "SW-ENGINE-AUFS",
    driver: "aufs",
    title: "Storage driver is aufs",
    removedIn: "24.0",
    risk: "aufs never became part of Linux: the module is built by hand, gets no review and crashes kernels. The engine dropped it in 24.0, so this one can be no newer than that.",
    cis: "2.6",
  },
  {
    id: "SW-ENGINE-DEVICEMAPPER",
    driver: "devicemapper",
    title: "Storage driver is devicemapper",
    removedIn: "25.0",
    risk: "In its usual form it keeps all containers in two loop files: slow, and lost as a whole when they fill up. The engine dropped it in 25.0, so this one can be no newer than that.",
    cis: "2.7",
  },
];

const removed = REMOVED.map(({ id, driver, title, removedIn, risk, cis }) =>
  rule({
    id,
    subject: "engine",
    title,
    severity: "medium",
    risk,
    countermeasure:
      "Move to overlay2. Images and containers of the old driver are not shown by the new one: push or save what is needed first.",
    remediation: {
      daemon: '"storage-driver": "overlay2"',
      host: "docker save the images that are needed, systemctl restart docker, docker load them",
    },
    cis: [cis],
    references: [DEPRECATED, SELECT],
    examples: { bad: `{ "storage-driver": "${driver}" }`, good: '{ "storage-driver": "overlay2" }' },
    judge: (engine) => {
      if (!engine.info.ok) return unknown(`the storage driver is not known: ${engine.info.why}`);
      const { storageDriver } = engine.info.value;
      const seen = declared("GET /info", storageDriver, "Driver");
      return storageDriver === driver
        ? fail(`the storage driver is ${driver}, which Docker ${removedIn} no longer has`, [seen])
        : pass(`the storage driver is ${storageDriver}`, [seen]);
    },
  }),
);

const baseSize = rule({
  id: "SW-ENGINE-BASE-SIZE",
  subject: "engine",
  title: "Base device size was changed",
  severity: "low",
  risk: "With devicemapper every image and container gets a device of this size. A larger one lets one container fill the pool for all.",
  countermeasure: "Leave the size at its default, or move to overlay2, which has no such size.",
  remediation: { daemon: 'remove dm.basesize from "storage-opts"' },
  cis: ["2.12"],
  references: [DEPRECATED, SELECT],
  examples: { bad: '{ "storage-opts": ["dm.basesize=50G"] }', good: '{ "storage-driver": "overlay2" }' },
  judge: (engine) => withoutDaemon(engine) ?? judgeBaseSize(engine),
});

function judgeBaseSize(engine: EngineEvidence): Judgement {
  if (engine.info.ok && engine.info.value.storageDriver !== "devicemapper") {
    return notApplicable(
      `only devicemapper has such a size; the driver is ${engine.info.value.storageDriver}`,
    );
  }
  const options = settingOf(engine, "storage-opts", []);
  if (!options.known) return unknown(options.why);
  const size = textsOf(options.value).find((option) => option.startsWith("dm.basesize="));
  return size === undefined
    ? pass("the base device size is the default", [options.seen])
    : fail(`the base device size was changed (${size})`, [options.seen]);
}

export default [...removed, baseSize] satisfies Rule<"engine">[];
