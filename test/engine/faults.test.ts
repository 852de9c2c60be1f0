import * as fs from "node:fs";
import type * as http from "node:http";
import * as net from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DOCKERD_NEEDS, type Engine, startDockerd } from "../support/dockerd.ts";
import { type Faulty, faultyApi, faultyPort, faultyProxy, faultySocket } from "../support/faulty-engine.ts";
import { IMAGE } from "../support/image.ts";
import { suite } from "../support/packages.ts";
import { disagreement, check, type CheckOptions, type CheckOutcome } from "../support/seaworthy.ts";
import { fails, passes } from "../support/situation.ts";

const NOBODY = 65_534;

suite("faults of the engine", { packages: DOCKERD_NEEDS }, () => {
  let engine: Engine;
  let folder: string;

  beforeAll(async () => {
    engine = await startDockerd({}, "faults");
    ({ folder } = engine.host);
    for (const name of ["victim", "witness"]) {
      await engine.mustDocker("run", "--detach", "--name", name, IMAGE, "sleep", "100000");
    }
  });

  afterAll(async () => {
    await engine?.stop();
  });

  /** Checks at `url`; the gate is off, so that only completeness decides the exit code. */
  function ask(url: string, options: CheckOptions = {}): Promise<CheckOutcome> {
    const args = ["--host", url, "--timeout", "1", "--fail-on", "never"];
    return check(args, { timeoutMs: 60_000, ...options });
  }

  async function askAndClose(faulty: Faulty): Promise<CheckOutcome> {
    try {
      return await ask(faulty.url);
    } finally {
      await faulty.close();
    }
  }

  /** What the command did, and what it said, line by line. */
  function told({ stderr, code }: CheckOutcome): { code: number | null; lines: string[] } {
    return { code, lines: stderr.trim().split("\n") };
  }

  /** It could not be completed, and one line says why: no stack, no second line. */
  function incomplete(message: RegExp): { code: number; lines: string[] } {
    return { code: 3, lines: [expect.stringMatching(message) as string] };
  }

  describe("that cannot be reached", () => {
    it("no socket there", async () => {
      const url = `unix://${folder}/none.sock`;
      expect(told(await ask(url))).toEqual(incomplete(/none\.sock: no such socket/));
    });

    it("a socket that nobody listens on", async () => {
      const path = join(folder, "stale.sock");
      const server = net.createServer();
      await new Promise<void>((resolve) => {
        server.listen(path, resolve);
      });
      // The file stays when its process is gone; libuv would remove it, so it is kept by another name.
      fs.renameSync(path, `${path}.kept`);
      await new Promise((resolve) => {
        server.close(resolve);
      });
      expect(told(await ask(`unix://${path}.kept`))).toEqual(
        incomplete(/stale\.sock\.kept: nothing listens/),
      );
    });

    it("a user without permission", async () => {
      expect(told(await ask(`unix://${engine.socket}`, { uid: NOBODY }))).toEqual(
        incomplete(/docker\.sock: permission denied.*sudo/),
      );
    });

    it("a file that is no socket", async () => {
      const path = join(folder, "file.sock");
      fs.writeFileSync(path, "");
      expect(told(await ask(`unix://${path}`))).toEqual(incomplete(/file\.sock/));
    });

    it("a port that nobody listens on", async () => {
      const closed = await faultyPort(() => undefined);
      await closed.close();
      expect(told(await ask(closed.url))).toEqual(incomplete(/nothing listens/));
    });

    it("a name that nobody knows", async () => {
      expect(told(await ask("tcp://engine.invalid:2375"))).toEqual(incomplete(/engine\.invalid/));
    });
  });

  describe("that answers wrong", () => {
    it("never", async () => {
      expect(told(await askAndClose(await faultySocket(folder, () => undefined)))).toEqual(
        incomplete(/no answer within 1 s/),
      );
    });

    it("by closing the connection", async () => {
      const faulty = await faultySocket(folder, (socket) => socket.destroy());
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/closed the connection/));
    });

    it("with bytes that are no HTTP", async () => {
      const faulty = await faultySocket(folder, (socket) => socket.end(Buffer.alloc(4096, 0xfe)));
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/faulty-\d+\.sock/));
    });

    it("one byte at a time", async () => {
      const faulty = await faultySocket(folder, (socket) => {
        const timer = setInterval(() => socket.write("H"), 200);
        socket.on("close", () => clearInterval(timer));
      });
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/faulty-\d+\.sock/));
    });

    it("headers, and then a body one byte at a time", async () => {
      const faulty = await faultyApi(folder, (_request, response) => {
        response.writeHead(200, { "Api-Version": "1.41" });
        const timer = setInterval(() => response.write("O"), 200);
        response.on("close", () => clearInterval(timer));
      });
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/no answer within 1 s/));
    });

    it("as another kind of server", async () => {
      const faulty = await faultyApi(folder, (_request, response) => {
        response.writeHead(200, { "Content-Type": "text/html" });
        response.end("<html>Welcome</html>");
      });
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/not as a container engine/));
    });

    it("as an engine that is too old", async () => {
      const faulty = await faultyApi(folder, (_request, response) => {
        response.writeHead(200, { "Api-Version": "1.24" });
        response.end("OK");
      });
      expect(told(await askAndClose(faulty))).toEqual(incomplete(/1\.24/));
    });

    it("plainly where TLS was asked for", async () => {
      const keys = join(folder, "certificates");
      fs.mkdirSync(keys);
      fs.writeFileSync(join(keys, "ca.pem"), "");
      const faulty = await faultyPort((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
      const args = ["--host", faulty.url, "--tls-cert-path", keys, "--timeout", "1", "--fail-on", "never"];
      const outcome = await check(args, { timeoutMs: 60_000 });
      await faulty.close();
      expect(told(outcome)).toEqual(incomplete(/TLS handshake failed/));
    });
  });

  describe("that fails midway", () => {
    const proxied = (
      intercept: (path: string, response: http.ServerResponse) => boolean,
    ): Promise<CheckOutcome> =>
      faultyProxy(folder, engine.socket, intercept).then((faulty) => askAndClose(faulty));

    it("one container whose inspection hangs: the rest is judged, and that one by the other witnesses", async () => {
      const id = await engine.mustDocker("inspect", "--format", "{{.Id}}", "victim");
      const outcome = await proxied((path) => path.includes(`/containers/${id}/json`));
      const { report } = outcome;
      if (report === null) throw new Error(`no report: ${outcome.stderr}`);
      expect(disagreement(report, passes("SW-CTR-PRIVILEGED"), "witness")).toBeNull();
      expect(disagreement(report, passes("SW-CTR-RESTART"), "witness")).toBeNull();
      // The kernel still tells of it; what only the engine tells is unknown, and never a pass.
      expect(disagreement(report, fails("SW-CTR-USER-ROOT"), "victim")).toBeNull();
      expect(disagreement(report, passes("SW-CTR-PID-HOST"), "victim")).toBeNull();
      expect(
        disagreement(
          report,
          { ruleId: "SW-CTR-RESTART", verdict: "unknown", mention: /no answer/ },
          "victim",
        ),
      ).toBeNull();
      // It costs that one object, never the run.
      expect(told(outcome)).toEqual({ code: 0, lines: [""] });
    });

    it.each([
      ["hangs", () => undefined],
      ["closes the connection", (response: http.ServerResponse) => response.destroy()],
      ["answers with an error", (response: http.ServerResponse) => response.writeHead(500).end("{}")],
      ["answers with half of it", (response: http.ServerResponse) => response.writeHead(200).end('[{"Id":')],
      ["answers with another thing", (response: http.ServerResponse) => response.writeHead(200).end('"no"')],
    ])("the list of containers %s: containers are still found by the kernel", async (_title, answer) => {
      const outcome = await proxied((path, response) => {
        if (!/\/containers\/json/.test(path)) return false;
        answer(response);
        return true;
      });
      const names = outcome.report?.subjects.filter(({ kind }) => kind === "container").length ?? 0;
      expect(names).toBeGreaterThanOrEqual(2);
      expect(told(outcome)).toEqual(incomplete(/containers/));
    });

    it("everything after the first answers", async () => {
      const outcome = await proxied((path, response) => {
        if (/\/_ping|\/version/.test(path)) return false;
        response.destroy();
        return true;
      });
      expect(outcome.report).not.toBeNull();
      expect(told(outcome)).toEqual(incomplete(/faulty-\d+\.sock/));
    });

    it("an answer without end", async () => {
      const outcome = await proxied((path, response) => {
        if (!path.endsWith("/info")) return false;
        response.writeHead(200);
        const chunk = Buffer.alloc(1 << 20, " ");
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on("drain", more);
        more();
        return true;
      });
      expect(outcome.report).not.toBeNull();
      expect(told(outcome)).toEqual(incomplete(/info/));
    });

    it("objects of the wrong shape are no reason to crash", async () => {
      const odd = JSON.stringify([null, 5, "x", { Id: 7 }, { Id: "y", Names: 3, Image: {}, Created: "z" }]);
      const outcome = await proxied((path, response) => {
        if (!/\/(?:containers|images)\/json|\/networks$/.test(path)) return false;
        response.writeHead(200).end(odd);
        return true;
      });
      expect(outcome.report).not.toBeNull();
      expect(outcome.stderr).not.toMatch(/^\s+at |node:internal/m);
    });
  });
});

suite("a wrong command", {}, () => {
  it.each([
    ["an address of no known form", ["--host", "engine"]],
    ["an address of ssh", ["--host", "ssh://root@engine"]],
    ["a port that does not exist", ["--host", "tcp://127.0.0.1:99999"]],
    ["a time that is no number", ["--host", "unix:///nonexistent", "--timeout", "soon"]],
    ["a gate that is no severity", ["--host", "unix:///nonexistent", "--fail-on", "terrible"]],
    ["an unknown option", ["--no-such-option"]],
    ["evidence that is not there", ["--evidence", "/nonexistent/evidence.json"]],
    ["evidence that is none", ["--evidence", "/etc/hostname"]],
    ["a policy that is not there", ["--host", "unix:///nonexistent", "--policy", "/nonexistent.yaml"]],
  ])("%s ends with 2 and one line that says so", async (_title, args) => {
    const { code, stderr } = await check(args, { timeoutMs: 30_000 });
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(stderr).toMatch(/\S/);
    expect(stderr).not.toMatch(/^\s+at |node:internal/m);
    expect(code).toBe(2);
  });
});
