import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import html from "#report/formats/html.ts";
import { sampleFinding, sampleHost, sampleReport, sampleSubject } from "#report/terminal/testing.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "seaworthy-html-"));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Look {
  width?: number;
  scheme?: "light" | "dark";
}

/** A page with the report, and everything that the browser had to complain about. */
async function open(
  report: Report,
  { width = 1280, scheme = "light" }: Look = {},
): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const file = join(folder, "report.html");
  writeFileSync(file, html(report));
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests };
}

async function unfold(page: Page): Promise<void> {
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}

/** Violations of WCAG 2.2 AA and of good practice, as `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, { runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} } }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)),
  )`);
}

/** How many columns of pixels stand out of the window. */
async function overhang(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - innerWidth");
}

const long = "a-name-without-any-place-to-break-it-".repeat(6).slice(0, 200);
const hostileFindings = sampleReport(
  [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg onload=alert(1)>",
    long,
  ].flatMap((text) =>
    (["critical", "low"] as const).map((severity) =>
      sampleFinding({
        severity,
        ruleId: `SW-CTR-${"VERY-LONG-".repeat(6)}ID`,
        title: text,
        message: text,
        subject: sampleSubject(text, { image: text }),
        aliases: [text],
        evidence: [{ witness: "actual", source: text, path: text, value: text }],
        remediation: `host: ${text}`,
      }),
    ),
  ),
  { source: long, problems: [{ what: long, where: long, todo: long }] },
);

const hostile: Report = {
  ...hostileFindings,
  summary: { ...hostileFindings.summary, complete: false },
};

const LOOKS: [name: string, look: Look][] = [
  ["light", {}],
  ["dark", { scheme: "dark" }],
  ["380 px light", { width: 380 }],
  ["380 px dark", { width: 380, scheme: "dark" }],
];

describe.each(LOOKS)("%s", (_name, look) => {
  it("breaks no rule of accessibility, folded and unfolded", async () => {
    const { page } = await open(sampleHost(5), look);
    expect(await violations(page)).toEqual([]);
    await unfold(page);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it("breaks none with problems, hostile names and nothing found", async () => {
    for (const report of [hostile, sampleReport([sampleFinding({ verdict: "pass" })]), sampleReport([])]) {
      const { page } = await open(report, look);
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });
});

describe.each([320, 360, 380, 700, 1100])("%i px", (width) => {
  it("needs no scrolling to the side", async () => {
    for (const report of [sampleHost(5), hostile]) {
      const { page } = await open(report, { width });
      expect(await overhang(page)).toBeLessThanOrEqual(0);
      await unfold(page);
      expect(await overhang(page)).toBeLessThanOrEqual(0);
      await page.close();
    }
  });
});

describe("browser", () => {
  it("loads nothing, runs nothing and complains about nothing", async () => {
    for (const report of [sampleHost(5), hostile]) {
      const { page, complaints, requests } = await open(report);
      await unfold(page);
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.locator("img, script, iframe, [onload], [onerror]").count()).toBe(0);
      await page.close();
    }
  });

  it("hides what is less severe than chosen, with what has nothing left", async () => {
    const { page } = await open(sampleHost(5));
    const shown = (selector: string) => page.locator(selector).filter({ visible: true }).count();
    expect(await shown(".finding.is-low")).toBeGreaterThan(0);
    await page.getByRole("radio", { name: "high and above" }).check();
    expect(await shown(".finding:is(.is-critical, .is-high)")).toBe(4);
    expect(await shown(".finding:not(.is-critical, .is-high)")).toBe(0);
    expect(await shown(".subject")).toBe(3);
    expect(await shown(".contents ol li")).toBe(3);
    await page.getByRole("radio", { name: "all", exact: true }).check();
    expect(await shown(".finding.is-low")).toBeGreaterThan(0);
    await page.close();
  });

  it("can be used by keyboard, with the focus in sight", async () => {
    const { page } = await open(sampleHost(1));
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the findings" });
    expect(await skip.evaluate("document.activeElement.className")).toBe("skip");
    expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    const first = page.locator(".finding").first();
    await first.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await first.getAttribute("open")).toBeNull();
    await page.keyboard.press("Enter");
    expect(await first.getAttribute("open")).not.toBeNull();
    await page.close();
  });

  it("prints everything unfolded, black on white, without what only a screen can use", async () => {
    const { page } = await open(sampleHost(5), { scheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const folded = page.locator(".finding:not([open]) pre").first();
    expect((await folded.boundingBox())?.height).toBeGreaterThan(0);
    expect(await page.locator(".filter").isVisible()).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate("getComputedStyle(document.body).color")).toBe("rgb(0, 0, 0)");
    await page.close();
  });
});
