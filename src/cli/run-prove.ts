import { existsSync } from "node:fs";
import { UserError } from "#model/problem.ts";
import { DEFAULT_SETTINGS } from "#model/settings.ts";
import { barrierFacts } from "#barriers/facts.ts";
import { isolationOf } from "#barriers/isolation.ts";
import { dearMounts } from "#barriers/structures.ts";
import { collect } from "#evidence/collect.ts";
import { connect } from "#evidence/engine/client.ts";
import { type Endpoint, findEndpoint } from "#evidence/engine/endpoint.ts";
import { writeWhole } from "#evidence/write-whole.ts";
import { engineApi, EngineRefusal } from "#proof/engine-api.ts";
import { type Held, openWorkbench } from "#proof/measure.ts";
import { prove } from "#proof/prove.ts";
import { proofText } from "#report/proof/terminal.ts";
import { usesColour } from "./colour.ts";
import { type CommandContext, EXIT } from "./context.ts";
import { startProgress } from "./progress.ts";
import type { ProveCommandOptions } from "./prove.ts";

const SOCKET = "/var/run/docker.sock";

/**
 * Proves one container.
 *
 * @returns 0 if it is proven and nothing is open to the host, 1 if something is, 3 if it could not be proven
 */
export async function runProve(
  name: string,
  options: ProveCommandOptions,
  { version }: CommandContext,
): Promise<number> {
  const endpoint = requireEndpoint(options);
  if (!(options.settle > 0 && options.settle <= 600)) {
    throw new UserError("--settle: give seconds, more than 0 and at most 600");
  }
  // Says what stands in the way of an engine that cannot be reached, and what to do.
  (await connect(endpoint, 5000)).close();
  const api = await engineApi(endpoint);
  const target = (await api
    .call("GET", `/containers/${encodeURIComponent(name)}/json`)
    .catch((error: Error) => {
      if (!(error instanceof EngineRefusal) || error.status !== 404) throw error;
      throw new UserError(`${name}: no container of this name or id`);
    })) as Record<string, unknown>;
  const progress = startProgress(options.quiet === true);
  const bench = await openWorkbench(endpoint, String(target["Image"]), endpoint.socketPath !== undefined);
  const stop = (): void => {
    void bench.close().finally(() => process.exit(EXIT.incomplete));
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const proof = await prove(bench, {
      target,
      oracle: {
        settleMs: options.settle * 1000,
        command: options.check === undefined ? null : ["sh", "-c", options.check],
      },
      look: (id) => look(endpoint, id, version),
      tell: progress.tell,
      measureOnly: options.measure === true,
    });
    progress.stop();
    if (options.quiet !== true) {
      process.stdout.write(proofText(proof, { colour: usesColour(), width: process.stdout.columns ?? 100 }));
    }
    if (options.proof !== undefined) {
      const json = JSON.stringify(proof, (_, value) => (value === Infinity ? null : value), 2);
      writeWhole(options.proof, `${json}\n`);
    }
    if (proof.notProven !== null && options.measure !== true) return EXIT.incomplete;
    const side = proof.after ?? proof.before;
    return side.isolation.barriersToHost === 0 ? EXIT.findings : EXIT.clean;
  } finally {
    progress.stop();
    process.off("SIGINT", stop).off("SIGTERM", stop);
    const left = await bench.close();
    api.close();
    for (const what of left) process.stderr.write(`seaworthy: left behind: ${what}\n`);
  }
}

function requireEndpoint(options: ProveCommandOptions): Endpoint {
  const found = findEndpoint({ ...options, env: process.env });
  if (found !== null) return found;
  if (!existsSync(SOCKET)) throw new UserError(`${SOCKET}: no engine; name one with --host`, 3);
  return { url: `unix://${SOCKET}`, socketPath: SOCKET };
}

/** How a clone that runs is held, by the kernel where it runs here. */
async function look(endpoint: Endpoint, id: string, version: string): Promise<Held> {
  const evidence = await collect({ endpoint, roots: {}, timeoutMs: 5000, version, env: process.env });
  const container = evidence.containers.find((each) => each.id === id);
  if (container === undefined)
    throw new UserError("the copy of the container is gone: somebody removed it", 3);
  const engine = evidence.engines.find((each) => each.name === container.engine) ?? null;
  const now = Date.parse(evidence.collectedAt);
  const context = { evidence, host: evidence.host, engine, settings: DEFAULT_SETTINGS, now };
  const facts = barrierFacts(container, context);
  return {
    isolation: isolationOf(container, context),
    seen: {
      sockets: facts.sockets.known ? facts.sockets.value.map(({ path }) => path) : [],
      writable: dearMounts(facts, "write").map(({ target }) => target),
      readable: dearMounts(facts, "read").map(({ target }) => target),
    },
  };
}
