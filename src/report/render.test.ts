import { describe, expect, it } from "vitest";
import { UserError } from "#model/problem.ts";
import { FORMAT_NAMES, render } from "./render.ts";
import { sampleHost } from "./terminal/testing.ts";

const options = { colour: false, width: 80, verbose: false };

describe("render", () => {
  it.each(FORMAT_NAMES)("loads and renders %s", async (format) => {
    expect(await render(format, sampleHost(2), options)).not.toBe("");
  });

  it("names the known formats if there is no such one", async () => {
    const failing = render("xml", sampleHost(1), options);
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(
      "--format xml: there is no such format. Known: table, json, html, sarif",
    );
    await expect(render("constructor", sampleHost(1), options)).rejects.toThrow(UserError);
  });
});
