import type { Barrier, Lane } from "#barriers/model.ts";
import { TARGETS } from "#barriers/model.ts";
import type { MappedContainer } from "./terminal.ts";

const ROW = 34;
const LABEL = 190;
const WALL = 132;
const TARGET_WIDTH = 220;
const TOP = 74;
const COLOURS = {
  text: "#18212d",
  soft: "#526071",
  line: "#b9c3cf",
  good: "#2f9460",
  goodSoft: "#e2f3e8",
  open: "#c0281b",
  openSoft: "#fdebe8",
  unknown: "#8a62c4",
  page: "#ffffff",
};

/**
 * The isolation map of one container as SVG: a lane for each technique that has a way, walls in columns by what
 * they are made of, so that one that is raised lights up a column; the arrow stops at the first that stands, or
 * ends red in its target. Needs no style sheet, no script and no font of its own.
 */
export function mapSvg({ name, facts, isolation }: MappedContainer): string {
  const lanes = isolation.lanes.filter(({ structure }) => structure.there);
  const columns = columnsOf(lanes);
  const width = LABEL + columns.length * WALL + TARGET_WIDTH + 40;
  const height = TOP + lanes.length * ROW + 40;
  const count = isolation.barriersToHost;
  const title = `${name}: ${count === Infinity ? "no way to the host" : count === 0 ? "open to the host" : `${count} barrier${count === 1 ? "" : "s"} to the host`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${COLOURS.page}"/>`,
    text(16, 26, title, { size: 17, weight: 650, fill: count === 0 ? COLOURS.open : COLOURS.text }),
    text(16, 46, `${facts} · ${isolation.level}`, { fill: COLOURS.soft }),
    ...columns.map((column, at) =>
      text(LABEL + at * WALL + WALL / 2, TOP - 10, column, {
        fill: COLOURS.soft,
        anchor: "middle",
        size: 10.5,
      }),
    ),
    ...lanes.map((lane, at) => laneMarkup(lane, TOP + at * ROW, columns)),
    text(
      16,
      height - 14,
      "green wall: stands · dashed: missing · purple: could not be read, and is not counted",
      {
        fill: COLOURS.soft,
        size: 10.5,
      },
    ),
    "</svg>",
  ].join("\n");
}

const MECHANISMS: Record<Barrier["mechanism"], string> = {
  user: "user",
  "no-new-privileges": "no new privileges",
  capability: "capability",
  seccomp: "seccomp",
  namespace: "namespace",
  socket: "socket mode",
  "device-cgroup": "device cgroup",
  "read-only": "read-only",
  limit: "limit",
  network: "network",
  lsm: "security module",
  "user-namespace": "user namespace",
};

function columnsOf(lanes: readonly Lane[]): string[] {
  const used = new Set(
    lanes.flatMap(({ barriers }) => barriers.map(({ mechanism }) => MECHANISMS[mechanism])),
  );
  return Object.values(MECHANISMS).filter((column) => used.has(column));
}

function laneMarkup(
  { technique, barriers, open, standing }: Lane,
  y: number,
  columns: readonly string[],
): string {
  const middle = y + ROW / 2;
  const walls = barriers.map((barrier) => ({
    barrier,
    column: columns.indexOf(MECHANISMS[barrier.mechanism]),
  }));
  const stopping = walls.filter(({ barrier }) => barrier.state === "stands").map(({ column }) => column);
  const end = open ? LABEL + columns.length * WALL + 8 : LABEL + Math.min(...stopping) * WALL - 4;
  const colour = open ? COLOURS.open : COLOURS.line;
  return [
    `<g>`,
    `<title>${escape(`${technique.title}: ${open ? "open" : `${standing} stand`}. ${barriers.map(({ why }) => why).join("; ")}`)}</title>`,
    text(16, middle + 4, technique.id, {
      fill: open ? COLOURS.open : COLOURS.text,
      weight: open ? 650 : 400,
    }),
    `<line x1="${LABEL - 20}" y1="${middle}" x2="${end}" y2="${middle}" stroke="${colour}" stroke-width="${open ? 3 : 2}"/>`,
    `<path d="M${end} ${middle - 5} l9 5 l-9 5 z" fill="${colour}"/>`,
    ...walls.map(({ barrier, column }) => wall(barrier, LABEL + column * WALL + WALL / 2, y)),
    text(
      LABEL + columns.length * WALL + 26,
      middle + 4,
      open ? `${TARGETS[technique.target]}: OPEN` : `${standing} stand`,
      {
        fill: open ? COLOURS.open : COLOURS.good,
        weight: open ? 650 : 400,
      },
    ),
    `</g>`,
  ].join("");
}

function wall({ id, state }: Barrier, x: number, y: number): string {
  const stands = state === "stands";
  const stroke = stands ? COLOURS.good : state === "unknown" ? COLOURS.unknown : COLOURS.open;
  const label = id
    .replace(/^no CAP_/, "")
    .replace(/^\/proc\/(?:sys\/kernel\/)?/, "")
    .slice(0, 24);
  return (
    `<rect x="${x - WALL / 2 + 8}" y="${y + 5}" width="${WALL - 16}" height="${ROW - 10}" rx="4" fill="${stands ? COLOURS.goodSoft : COLOURS.page}" stroke="${stroke}" stroke-width="${stands ? 2 : 1}"${stands ? "" : ' stroke-dasharray="4 3"'}/>` +
    `<text x="${x}" y="${y + ROW / 2 + 3.5}" text-anchor="middle" font-size="9.5" fill="${stands ? COLOURS.good : COLOURS.soft}"${state === "missing" ? ' text-decoration="line-through"' : ""}>${escape(label)}</text>`
  );
}

interface TextStyle {
  fill?: string;
  size?: number;
  weight?: number;
  anchor?: string;
}

function text(
  x: number,
  y: number,
  content: string,
  { fill = COLOURS.text, size = 12, weight = 400, anchor = "start" }: TextStyle,
): string {
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
