// Draws what a terminal shows as a self-contained SVG: text with ANSI colours on standard input, picture on
// standard output.
//
//   node bin/seaworthy.js check | node scripts/terminal-picture.mjs "seaworthy check" > picture.svg
import { pathToFileURL } from "node:url";
import { text as readAll } from "node:stream/consumers";
import { build } from "esbuild";

const ESCAPE = String.fromCodePoint(0x1b);
const CELL = { width: 8.4, height: 19 };
const FONT_SIZE = 14;
const MARGIN = { x: 20, top: 52, bottom: 18 };
const BACKGROUND = "#0f1520";
const FOREGROUND = "#d5dbe6";
const FONT =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const PALETTE = ["#5c6678", "#f2777a", "#6cc98f", "#e2b55b", "#6fb1f2", "#c79bf2", "#5cc8d6", "#d5dbe6"];
const BRIGHT = ["#7f8aa0", "#ff8b8b", "#8fe0ab", "#f3cb7c", "#93c7ff", "#dbb8ff", "#83dfea", "#ffffff"];

// A progress line is drawn over again from the start of the line; what stands there in the end is what counts.
function lastFrame(text) {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[^\n]*\r/g, "")
    .replace(new RegExp(`${ESCAPE}\\[[0-9;?]*[A-LN-Za-ln-z]`, "g"), "");
}

/**
 * @param {string} ansi text with SGR sequences
 * @param {{ title: string, columns?: number, displayWidth: (text: string) => number }} options `columns` widens
 *   the window to at least so many
 * @returns {string} the SVG
 */
export function terminalPicture(ansi, { title, columns = 0, displayWidth }) {
  const lines = lastFrame(ansi).replace(/\n+$/, "").split("\n").map(runsOf);
  const longest = Math.max(
    columns,
    ...lines.map((runs) => runs.reduce((sum, { text }) => sum + displayWidth(text), 0)),
  );
  const width = Math.ceil(longest * CELL.width + 2 * MARGIN.x);
  const height = MARGIN.top + lines.length * CELL.height + MARGIN.bottom;
  const body = lines.map((runs, row) => lineOf(runs, MARGIN.top + row * CELL.height, displayWidth)).join("");
  const dots = ["#f2777a", "#e2b55b", "#6cc98f"]
    .map((colour, at) => `<circle cx="${22 + at * 20}" cy="19" r="6" fill="${colour}"/>`)
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}" font-family="${FONT}" font-size="${FONT_SIZE}">
<title>${escape(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${BACKGROUND}" stroke="#2b3547"/>
<path d="M0.5 38.5H${width - 0.5}" stroke="#2b3547"/>
${dots}<text x="${width / 2}" y="24" text-anchor="middle" fill="#8b96aa" font-size="13">${escape(title)}</text>
${body}</svg>
`;
}

function lineOf(runs, top, displayWidth) {
  let column = 0;
  let shapes = "";
  let texts = "";
  for (const { text, style } of runs) {
    const cells = displayWidth(text);
    const x = (MARGIN.x + column * CELL.width).toFixed(1);
    const length = (cells * CELL.width).toFixed(1);
    const [colour, ground] = style.inverse
      ? [style.ground ?? BACKGROUND, style.colour ?? FOREGROUND]
      : [style.colour ?? FOREGROUND, style.ground];
    if (ground !== undefined) {
      shapes += `<rect x="${x}" y="${top}" width="${length}" height="${CELL.height}" fill="${ground}"/>`;
    }
    if (text.trim() !== "") {
      const weight = style.bold ? ' font-weight="700"' : "";
      const slant = style.italic ? ' font-style="italic"' : "";
      const line = style.underline ? ' text-decoration="underline"' : "";
      const faint = style.dim ? ' opacity="0.62"' : "";
      texts += `<text x="${x}" y="${top + 14}" fill="${colour}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${weight}${slant}${line}${faint}>${escape(text)}</text>`;
    }
    column += cells;
  }
  return `${shapes}${texts}\n`;
}

// Cuts a line into runs of one style. Runs of blanks are cut too, so that a font with other widths than ours
// cannot move the columns behind them.
function runsOf(line) {
  const runs = [];
  let style = {};
  // oxlint-disable-next-line no-control-regex -- the escape sequences are what is read here
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    const sequence = /^\u001b\[([\d;]*)m$/.exec(part); // oxlint-disable-line no-control-regex
    if (sequence !== null) style = sequence[1].split(";").map(Number).reduce(applied, style);
    else for (const text of part.split(/( {2,})/)) if (text !== "") runs.push({ text, style });
  }
  return runs;
}

// SGR parameters, ECMA-48 section 8.3.117, and the bright colours of aixterm.
function applied(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 7) return { ...style, inverse: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 27) return { ...style, inverse: false };
  if (code === 39) return { ...style, colour: undefined };
  if (code === 49) return { ...style, ground: undefined };
  if (code >= 30 && code <= 37) return { ...style, colour: PALETTE[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: BRIGHT[code - 90] };
  if (code >= 40 && code <= 47) return { ...style, ground: PALETTE[code - 40] };
  if (code >= 100 && code <= 107) return { ...style, ground: BRIGHT[code - 100] };
  return style;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The width that the report itself counts with, from its source. */
export async function loadDisplayWidth() {
  const { outputFiles } = await build({
    entryPoints: [new URL("../src/report/terminal/width.ts", import.meta.url).pathname],
    format: "esm",
    target: "node20.19",
    write: false,
  });
  const module = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
  );
  return module.displayWidth;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [title = "Terminal", columns = "0"] = process.argv.slice(2);
  const displayWidth = await loadDisplayWidth();
  process.stdout.write(
    terminalPicture(await readAll(process.stdin), { title, columns: Number(columns), displayWidth }),
  );
}
