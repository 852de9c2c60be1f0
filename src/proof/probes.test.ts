import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TECHNIQUES } from "#barriers/technique-table.ts";
import { demultiplex } from "./engine-api.ts";
import { probeProgram } from "./probe-program.ts";
import { agrees, PROBES, readProbe } from "./probes.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

describe("readProbe", () => {
  it.each([
    ['{"probe":"x","ok":true,"errno":22}', "open"],
    ['{"probe":"x","ok":false,"errno":1}', "closed"],
    ['{"probe":"x","ok":false,"errno":38}', "absent"],
    ['{"probe":"x","ok":false,"errno":16}', "unknown"],
    ["exec failed: no such file", "unknown"],
    ['noise\n{"probe":"x","ok":false,"errno":13}\n', "closed"],
  ])("%s", (line, state) => {
    expect(readProbe(line).state).toBe(state);
  });

  it("never throws, whatever a container prints", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readProbe(text)).not.toThrow();
        expect(() => readProbe(`{"probe"${text}`)).not.toThrow();
      }),
    );
  });
});

describe("agrees", () => {
  it("compares what was measured with what was predicted", () => {
    expect([agrees("open", true, ""), agrees("closed", false, "")]).toEqual([true, true]);
    expect([agrees("open", false, ""), agrees("closed", true, "")]).toEqual([false, false]);
  });

  it("takes silence for a fault, and a busy machine for none", () => {
    expect(agrees("unknown", true, "exec failed")).toBe(false);
    expect(agrees("unknown", true, '{"ok":false,"errno":16,')).toBe(true);
  });
});

describe("the table of probes", () => {
  it("names techniques that exist, and sub-commands that the program has", () => {
    const known = new Set(TECHNIQUES.map(({ id }) => id));
    const source = readFileSync(`${ROOT}probe/probe.c`, "utf8");
    const canaries = {
      victimPid: 2,
      hostName: "h",
      loopbackPort: 1,
      sharedMemoryKey: 1,
      sockets: ["/s"],
      writable: ["/w"],
      readable: ["/r"],
    };
    for (const [technique, probe] of Object.entries(PROBES)) {
      expect(known.has(technique), technique).toBe(true);
      expect(source).toContain(`!strcmp(name, "${probe.arguments(canaries)?.[0]}")`);
    }
  });
});

describe("the probe", () => {
  it.each(["x86_64", "aarch64", "amd64", "arm64"])(
    "is there for %s, and is what its sums say",
    (processor) => {
      const bytes = probeProgram(processor);
      expect(bytes.subarray(0, 4).toString("latin1")).toBe("\u007fELF");
      expect(bytes.length).toBeLessThan(80_000);
    },
  );

  it("is not there for other processors", () => {
    expect(() => probeProgram("s390x")).toThrow(/no probe for s390x/);
    expect(existsSync(`${ROOT}probe/bin/SHA256SUMS`)).toBe(true);
  });
});

describe("demultiplex", () => {
  it("puts the two streams together again, however they are cut", () => {
    const frame = (kind: number, text: string): Buffer => {
      const head = Buffer.alloc(8);
      head[0] = kind;
      head.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string())), (parts) => {
        const of = (kind: number) =>
          parts
            .filter(([each]) => each === kind)
            .map(([, text]) => text)
            .join("");
        const bytes = Buffer.concat(parts.map(([kind, text]) => frame(kind, text)));
        expect(demultiplex(bytes)).toEqual({
          stdout: Buffer.from(of(1)).toString(),
          stderr: Buffer.from(of(2)).toString(),
        });
      }),
    );
  });

  it("does not fail on a stream that is cut off", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => demultiplex(Buffer.from(bytes))).not.toThrow();
      }),
    );
  });
});
