import { X509Certificate } from "node:crypto";
import type { ImageEvidence, NetworkEvidence, SwarmEvidence } from "#model/evidence/engine.ts";
import type { Reading } from "#model/reading.ts";
import { mapReading } from "#model/reading.ts";
import { describeEnv, maskArguments, maskSecrets, maskValue } from "../env.ts";
import { flag, isoTime, list, number, object, text, textMap, texts } from "../json.ts";
import { healthcheck } from "./inspect.ts";

/** One image from `GET /images/json`, `GET /images/ID/json` and `GET /images/ID/history`. */
export function readImage(
  entry: unknown,
  inspect: Reading<unknown>,
  history: Reading<unknown>,
): ImageEvidence {
  const summary = object(entry);
  return {
    id: text(summary.Id),
    tags: texts(summary.RepoTags).filter((tag) => tag !== "<none>:<none>"),
    digests: texts(summary.RepoDigests).filter((digest) => !digest.startsWith("<none>")),
    createdAt: isoTime(summary.Created),
    size: number(summary.Size),
    containers: number(summary.Containers),
    detail: history.ok ? mapReading(inspect, (value) => readImageDetail(value, history.value)) : history,
  };
}

type ImageDetail = Extract<ImageEvidence["detail"], { ok: true }>["value"];

function readImageDetail(inspect: unknown, history: unknown): ImageDetail {
  const image = object(inspect);
  const config = object(image.Config);
  return {
    user: text(config.User),
    env: describeEnv(texts(config.Env)),
    labels: textMap(maskValue(config.Labels)),
    exposedPorts: Object.keys(object(config.ExposedPorts)),
    volumes: Object.keys(object(config.Volumes)),
    workingDir: text(config.WorkingDir),
    entrypoint: maskArguments(texts(config.Entrypoint)),
    command: maskArguments(texts(config.Cmd)),
    healthcheck: healthcheck(config.Healthcheck),
    comment: text(image.Comment),
    layers: texts(object(image.RootFS).Layers),
    history: list(history).map((step) => {
      const { CreatedBy, Comment, Size } = object(step);
      return {
        createdBy: maskSecrets(text(CreatedBy).slice(0, 4000)),
        comment: text(Comment),
        size: number(Size),
      };
    }),
  };
}

/** One entry of `GET /networks`; names of connected containers come from `GET /networks/ID`. */
export function readNetwork(entry: unknown): NetworkEvidence {
  const network = object(entry);
  return {
    id: text(network.Id),
    name: text(network.Name),
    driver: text(network.Driver),
    scope: text(network.Scope),
    internal: flag(network.Internal),
    attachable: flag(network.Attachable),
    ingress: flag(network.Ingress),
    options: textMap(network.Options),
    subnets: list(object(network.IPAM).Config)
      .map((config) => text(object(config).Subnet))
      .filter((subnet) => subnet !== ""),
    containers: Object.values(object(network.Containers)).map((container) => text(object(container).Name)),
  };
}

/** The swarm from `GET /swarm`, `/nodes`, `/services` and `/secrets`. */
export function readSwarm(
  swarm: unknown,
  nodes: unknown,
  services: unknown,
  secrets: unknown,
  dataPathAddress: string,
): SwarmEvidence {
  const { Spec, TLSInfo } = object(swarm);
  const spec = object(Spec);
  return {
    autolock: flag(object(spec.EncryptionConfig).AutoLockManagers),
    nodeCertExpiry: number(object(spec.CAConfig).NodeCertExpiry),
    rootCa: validity(text(object(TLSInfo).TrustRoot)),
    dataPathAddress,
    nodes: list(nodes).map((entry) => {
      const node = object(entry);
      const description = object(node.Description);
      return {
        id: text(node.ID),
        hostName: text(description.Hostname),
        role: text(object(node.Spec).Role),
        address: text(object(node.Status).Addr),
        state: text(object(node.Status).State),
        engineVersion: text(object(description.Engine).EngineVersion),
      };
    }),
    secrets: list(secrets).map((entry) => text(object(object(entry).Spec).Name)),
    services: list(services).map((entry) => {
      const service = object(object(entry).Spec);
      const task = object(object(service.TaskTemplate).ContainerSpec);
      return {
        name: text(service.Name),
        image: text(task.Image),
        env: describeEnv(texts(task.Env)),
        secrets: list(task.Secrets).map((secret) => text(object(secret).SecretName)),
      };
    }),
  };
}

function validity(pem: string): SwarmEvidence["rootCa"] {
  try {
    const certificate = new X509Certificate(pem);
    return {
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
    };
  } catch {
    return null;
  }
}
