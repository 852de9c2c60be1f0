import type { Barrier, Isolation, Lane, Target } from "#barriers/model.ts";
import { TARGETS } from "#barriers/model.ts";
import { type Canvas, canvas, detail, heading, type Part } from "../terminal/canvas.ts";
import { flow, listThatFits, type Span } from "../terminal/flow.ts";
import { style } from "../terminal/style.ts";
import { visible } from "../terminal/visible.ts";

/** One container on the map. */
export interface MappedContainer {
  name: string;
  /** Image, and how long it runs. */
  facts: string;
  isolation: Isolation;
}

const MIN_WIDTH = 40;
const MAX_WIDTH = 120;
const LANE_INDENT = 26;

/** The isolation map as a drawing of characters: a lane for each technique, with the walls in its way. */
export function mapText(
  containers: readonly MappedContainer[],
  { colour, width, verbose }: { colour: boolean; width: number; verbose: boolean },
): string {
  const target = canvas(style(colour), Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)), verbose);
  const blocks =
    containers.length === 1 || verbose
      ? containers.map((each) => containerBlock(target, each))
      : [
          overview(target, containers),
          ...containers
            .filter(isOpen)
            .slice(0, 3)
            .map((each) => containerBlock(target, each)),
        ];
  const lines = [
    ...blocks.flatMap((block, at) => (at === 0 ? block : ["", ...block])),
    "",
    ...legend(target),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function isOpen({ isolation }: MappedContainer): boolean {
  return isolation.barriersToHost === 0;
}

/** One line for each container, the least held first. */
function overview(target: Canvas, containers: readonly MappedContainer[]): string[] {
  const { style: paint, width } = target;
  const sorted = containers.toSorted((a, b) => a.isolation.barriersToHost - b.isolation.barriersToHost);
  const column = Math.min(32, Math.max(...sorted.map(({ name }) => visible(name).length)));
  return [
    ...heading(target, "barriers to the host", `${containers.length} containers`, []),
    ...sorted.flatMap(({ name, isolation }) => {
      const { barriersToHost: count, weakest } = isolation;
      const walls = (weakest[0]?.barriers ?? []).map(({ id }) => id);
      const by = weakest[0]?.lanes.map(({ technique }) => technique.id).join(" → ") ?? "";
      const mark = countMark(target, count);
      const spans: Span[] = [
        { text: visible(name).padEnd(column), paint: paint.strong },
        {
          text: count === 0 ? `OPEN through ${by}` : count === Infinity ? "no way to the host" : `${by}:`,
          paint: count === 0 ? paint.severity.critical : paint.quiet,
          gap: 2,
        },
        { text: count === 0 ? "" : walls.join(", "), paint: paint.good },
      ];
      return flow(spans, width - 8, width - 8).map((line, at) =>
        at === 0 ? `  ${mark}  ${line}` : `       ${line}`,
      );
    }),
  ];
}

function countMark({ style: paint }: Canvas, count: number): string {
  const text = (count === Infinity ? "–" : String(count)).padStart(2);
  return count === 0
    ? paint.severity.critical(text)
    : count === 1
      ? paint.severity.medium(text)
      : paint.good(text);
}

function containerBlock(target: Canvas, { name, facts, isolation }: MappedContainer): string[] {
  const { style: paint } = target;
  const { lanes, barriersToHost: count, level, weakest, oneAway, unknown } = isolation;
  const parts: Part[] = [
    {
      text: `barriers to the host: ${count === Infinity ? "no way" : count}`,
      paint: count === 0 ? paint.severity.critical : count === 1 ? paint.severity.medium : paint.good,
    },
    { text: level, paint: paint.quiet },
  ];
  const shown = lanes.filter(({ structure }) => structure.there);
  const closed = lanes.filter(({ structure }) => !structure.there);
  const targets = (Object.keys(TARGETS) as Target[]).filter((each) =>
    shown.some(({ technique }) => technique.target === each),
  );
  const near = oneAway.filter(({ leaves }) => leaves === 0).map(({ setting }) => setting);
  return [
    ...heading(target, visible(name), visible(facts), parts),
    ...targets.flatMap((each) => [
      paint.quiet(`  ${TARGETS[each]}`),
      ...shown
        .filter(({ technique }) => technique.target === each)
        .toSorted((a, b) => a.standing - b.standing)
        .flatMap((lane) => laneLines(target, lane)),
    ]),
    ...detail(target, "weakest", [
      {
        text:
          weakest[0] === undefined
            ? "nothing leads to the host"
            : `${weakest[0].lanes.map(({ technique }) => technique.id).join(" → ")}${
                count === 0
                  ? ": nothing stands in the way"
                  : `: only ${weakest[0].barriers.map(({ id }) => id).join(" and ")}`
              }`,
        paint: count === 0 ? paint.severity.critical : paint.plain,
      },
    ]),
    ...(near.length === 0 || count === 0
      ? []
      : detail(target, "one away", [{ text: `one change opens the host: ${near.join(", ")}` }])),
    ...(unknown.length === 0
      ? []
      : detail(target, "unknown", [
          { text: unknown.slice(0, target.verbose ? 99 : 3).join("; "), paint: paint.open },
        ])),
    ...(closed.length === 0
      ? []
      : detail(target, "no way", [
          {
            text: listThatFits(
              closed.map(({ technique }) => technique.id),
              target.width * 2 - 30,
            ),
            paint: paint.quiet,
          },
        ])),
  ];
}

/** `● ── user ── CAP_SYS_ADMIN ──▶┃seccomp mount┃`: what is missing is passed, the first wall that stands stops. */
function laneLines(target: Canvas, { technique, barriers, open, standing }: Lane): string[] {
  const { style: paint, width } = target;
  const passed = barriers.filter(({ state }) => state !== "stands");
  const walls = barriers.filter(({ state }) => state === "stands");
  const spans: Span[] = [
    { text: "●", paint: open ? paint.severity.critical : paint.quiet },
    ...passed.flatMap((barrier): Span[] => [
      { text: "──", paint: open ? paint.severity.critical : paint.quiet },
      { text: missingText(barrier), paint: barrier.state === "unknown" ? paint.open : paint.quiet },
    ]),
    open
      ? { text: `━━▶ ${TARGETS[technique.target]}: OPEN`, paint: paint.severity.critical, whole: true }
      : { text: `──▶┃${walls[0]?.id ?? ""}┃`, paint: paint.good, whole: true },
    ...walls.slice(1).map(({ id }): Span => ({ text: `┃${id}┃`, paint: paint.good, whole: true })),
  ];
  const label = `  ${countMark(target, standing)}  ${technique.id.padEnd(LANE_INDENT - 8)}  `;
  const lines = flow(spans, Math.max(20, width - LANE_INDENT), Math.max(20, width - LANE_INDENT));
  return lines.map((line, at) => (at === 0 ? label : " ".repeat(LANE_INDENT)) + line);
}

function missingText({ id, state }: Barrier): string {
  return state === "unknown" ? `${id}?` : `(${id})`;
}

function legend(target: Canvas): string[] {
  const { style: paint, width } = target;
  return flow(
    [
      { text: "┃wall┃", paint: paint.good },
      { text: "stands" },
      { text: "(wall)", paint: paint.quiet, gap: 3 },
      { text: "is missing" },
      { text: "wall?", paint: paint.open, gap: 3 },
      { text: "could not be read, and is not counted" },
      { text: "the number counts the walls that stand", paint: paint.quiet, gap: 3 },
    ],
    width,
  );
}
