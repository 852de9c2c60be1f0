import { randomBytes } from "node:crypto";
import { EngineRefusal, type EngineApi } from "./engine-api.ts";

/** The label on everything that a proof makes; its value is the id of the proof. */
export const PROOF_LABEL = "seaworthy.proof";

/** What a proof made on an engine, and must take away again. */
export interface ProofObjects {
  id: string;
  /** Creates a container with the label; its name begins with the proof's. */
  createContainer(role: string, body: Record<string, unknown>): Promise<string>;
  createVolume(role: string): Promise<string>;
  createNetwork(role: string, body?: Record<string, unknown>): Promise<string>;
  /** Takes everything away; tells what could not be. */
  removeAll(): Promise<string[]>;
}

/**
 * Starts the list of a proof's objects.
 *
 * @param own more labels on each of them
 */
export function proofObjects(api: EngineApi, own: Readonly<Record<string, string>> = {}): ProofObjects {
  const id = randomBytes(6).toString("hex");
  const labels = { ...own, [PROOF_LABEL]: id };
  let count = 0;
  const name = (role: string): string => {
    count += 1;
    return `seaworthy-proof-${id}-${role}-${count}`;
  };
  return {
    id,
    createContainer: async (role, body) => {
      const merged = { ...body, Labels: { ...(body["Labels"] as object), ...labels } };
      const answer = (await api.call("POST", `/containers/create?name=${name(role)}`, merged)) as {
        Id: string;
      };
      return answer.Id;
    },
    createVolume: async (role) => {
      const volume = name(role);
      await api.call("POST", "/volumes/create", { Name: volume, Labels: labels });
      return volume;
    },
    createNetwork: async (role, body = {}) => {
      const network = name(role);
      const wanted = { CheckDuplicate: true, ...body, Name: network, Labels: labels };
      await api.call("POST", "/networks/create", wanted);
      return network;
    },
    removeAll: () => removeLabelled(api, `${PROOF_LABEL}=${id}`),
  };
}

/**
 * Takes away what proofs left behind that were killed. Only what carries the label is touched.
 *
 * @param label `seaworthy.proof`, or with `=` and an id
 * @returns what could not be removed, in words
 */
export async function removeLabelled(api: EngineApi, label: string): Promise<string[]> {
  const filter = encodeURIComponent(JSON.stringify({ label: [label] }));
  const left: string[] = [];
  const attempt = async (what: string, path: string): Promise<void> => {
    try {
      await api.call("DELETE", path);
    } catch (error) {
      if (error instanceof EngineRefusal && error.status === 404) return;
      left.push(`${what}: ${(error as Error).message}`);
    }
  };
  const containers = (await api.call("GET", `/containers/json?all=1&filters=${filter}`)) as { Id: string }[];
  await Promise.all(
    containers.map(({ Id }) => attempt(`container ${Id.slice(0, 12)}`, `/containers/${Id}?force=1&v=1`)),
  );
  const { Volumes } = (await api.call("GET", `/volumes?filters=${filter}`)) as {
    Volumes: { Name: string }[] | null;
  };
  for (const { Name } of Volumes ?? [])
    await attempt(`volume ${Name}`, `/volumes/${encodeURIComponent(Name)}?force=1`);
  const networks = (await api.call("GET", `/networks?filters=${filter}`)) as { Id: string; Name: string }[];
  for (const { Id, Name } of networks) await attempt(`network ${Name}`, `/networks/${Id}`);
  return left;
}
