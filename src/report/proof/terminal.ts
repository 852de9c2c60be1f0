import type { Proof, Side } from "#proof/prove.ts";
import { TARGETS } from "#barriers/model.ts";
import { type Canvas, canvas, detail, heading, marked } from "../terminal/canvas.ts";
import { style } from "../terminal/style.ts";
import { visible } from "../terminal/visible.ts";

const MIN_WIDTH = 40;
const MAX_WIDTH = 120;

/** A proof as a person reads it: what was open before, what is closed after, and the settings that do it. */
export function proofText(proof: Proof, { colour, width }: { colour: boolean; width: number }): string {
  const target = canvas(style(colour), Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)), false);
  const lines = [
    ...top(target, proof),
    "",
    ...table(target, proof),
    "",
    ...patch(target, proof),
    ...verdict(target, proof),
  ];
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function top(canvas: Canvas, { target, engine, before, after }: Proof): string[] {
  const { style: paint } = canvas;
  const b = count(before);
  const a = after === null ? null : count(after);
  return heading(
    canvas,
    visible(target.name),
    visible(`${target.image}, engine ${engine.version}, kernel ${engine.kernel}`),
    [
      {
        text: a === null ? `barriers to the host: ${b}` : `barriers to the host: ${b} → ${a}`,
        paint: (a ?? b) === "0" ? paint.severity.critical : paint.good,
      },
    ],
  );
}

function count({ isolation }: Side): string {
  return isolation.barriersToHost === Infinity ? "no way" : String(isolation.barriersToHost);
}

/** One line for each technique that was tried. */
function table(canvas: Canvas, { before, after }: Proof): string[] {
  const { style: paint, width } = canvas;
  const state = (side: Side | null, technique: string): string => {
    const found = side?.results.find((result) => result.technique === technique);
    if (found === undefined) return side === null ? "" : "no way";
    return found.state === "absent" ? "no way" : found.state;
  };
  const painted = (word: string): string => {
    const padded = word.padEnd(9);
    if (word === "open") return paint.severity.critical(padded);
    return word === "closed"
      ? paint.good(padded)
      : word === "unknown"
        ? paint.open(padded)
        : paint.quiet(padded);
  };
  const rows = before.results.map(({ technique }) => ({
    technique,
    target: before.isolation.lanes.find((lane) => lane.technique.id === technique)?.technique.target,
    was: state(before, technique),
    is: state(after, technique),
  }));
  const shown = rows.filter(({ was, is }) => was !== "no way" || (is !== "" && is !== "no way"));
  const order = (row: (typeof rows)[number]): number =>
    row.was === "open" ? (row.is === "open" ? 1 : 0) : row.is === "open" ? -1 : 2;
  return [
    paint.quiet(
      `  ${"technique".padEnd(20)}${"before".padEnd(9)}${after === null ? "" : "after".padEnd(9)}against`,
    ),
    ...shown
      .toSorted((x, y) => order(x) - order(y))
      .map(({ technique, target, was, is }) =>
        `  ${technique.padEnd(20)}${painted(was)}${after === null ? "" : painted(is)}${paint.quiet(target === undefined ? "" : TARGETS[target])}`.slice(
          0,
          width + 60,
        ),
      ),
  ];
}

function patch(canvas: Canvas, { kept, tried }: Proof): string[] {
  const { style: paint } = canvas;
  const given = tried.filter((each) => !each.kept);
  return [
    ...kept.flatMap(({ title, run }) =>
      marked(canvas, { symbol: "✓", word: "raised", paint: paint.good }, [{ text: title }], visible(run)),
    ),
    ...given.flatMap(({ control, because }) => [
      ...marked(canvas, { symbol: "~", word: "not", paint: paint.open }, [{ text: control.title }]),
      ...detail(canvas, "because", [{ text: visible(because), paint: paint.quiet }]),
    ]),
    ...(kept.length === 0
      ? []
      : [
          ...detail(canvas, "run", [
            {
              text: kept
                .map(({ run }) => run)
                .filter((flag) => !flag.startsWith("("))
                .join(" "),
              paint: paint.strong,
            },
          ]),
          ...kept
            .flatMap(({ compose }) => compose.split("\n"))
            .flatMap((line, at) =>
              detail(canvas, at === 0 ? "compose" : "", [{ text: line.trim() }], {
                leadWidth: line.length - line.trimStart().length,
              }),
            ),
        ]),
  ];
}

function verdict(canvas: Canvas, { notProven, before, after, runs, seconds, digest }: Proof): string[] {
  const { style: paint } = canvas;
  const wrong = [before, after].flatMap((side) => side?.results.filter(({ agrees }) => !agrees) ?? []);
  return [
    "",
    ...wrong.flatMap(({ technique, predicted, state, output }) =>
      marked(canvas, { symbol: "!", word: "differs", paint: paint.open }, [
        {
          text: `${technique}: predicted ${predicted ? "open" : "closed"}, measured ${state}. A fault of ours or a barrier that we do not know; please report it with this line: ${visible(output)}`,
        },
      ]),
    ),
    notProven === null
      ? paint.good(
          `proven: ${open(before)} open before, ${after === null ? "-" : open(after)} after, the workload works in both`,
        )
      : paint.open(`not proven: ${visible(notProven)}`),
    paint.quiet(`${runs} runs, ${seconds.toFixed(1)} s, ${digest.slice(0, 16)}`),
  ];
}

function open({ results }: Side): number {
  return results.filter(({ state }) => state === "open").length;
}
