import type { ComposeMap, ComposeNode, ComposeProblem } from "#model/evidence/compose.ts";
import { nearest } from "./nearest.ts";
import { MISTAKEN, PROJECT } from "./project.ts";
import { SERVICE } from "./service.ts";
import type { MapShape, Shape } from "./shape.ts";

/** Problems that are told of one file; more say that it is no Compose file at all. */
const MAX_PROBLEMS = 50;

/**
 * Compares a file with the shapes that Compose takes: keys that it does not know, with what was meant, and
 * values of a form that it refuses. Values with variables are left alone, for nobody knows them yet. What stands
 * under an anchor is told once.
 */
export function validate(file: ComposeMap): ComposeProblem[] {
  const problems: ComposeProblem[] = [];
  const told = new Set<string>();
  checkMap(file, PROJECT.map ?? { keys: null }, []);
  return problems;

  function tell(problem: ComposeProblem): void {
    const id = `${problem.kind} ${problem.range.start}`;
    if (told.has(id) || problems.length >= MAX_PROBLEMS) return;
    told.add(id);
    problems.push(problem);
  }

  function check(node: ComposeNode, shape: Shape, path: readonly string[]): void {
    if (node.kind === "scalar") return checkScalar(node, shape, path);
    if (node.kind === "list") {
      if (shape.list === undefined) return wrongForm(node, shape, path);
      for (const [index, item] of node.items.entries()) check(item, shape.list, [...path, `${index}`]);
      return;
    }
    if (shape.map === undefined) return wrongForm(node, shape, path);
    checkMap(node, shape.map, path);
  }

  function checkMap(map: ComposeMap, { keys, value, required }: MapShape, path: readonly string[]): void {
    for (const [key, entry] of map.entries) {
      if (keys === null) {
        if (value !== undefined && !key.startsWith("x-")) check(entry.value, value, [...path, key]);
        continue;
      }
      const known = Object.hasOwn(keys, key) ? keys[key] : undefined;
      if (known !== undefined) check(entry.value, known, [...path, key]);
      else if (!key.startsWith("x-")) {
        const { start, end } = entry.keyPlace;
        tell({
          kind: "key",
          ...unknownKey(key, keys, path),
          range: { start, end },
          key: [...path, key].join("."),
        });
      }
    }
    for (const key of required ?? []) {
      // A merge key may bring it, and a file that is laid over another one need not repeat it.
      if (map.entries.has(key)) continue;
      const { start } = map.place;
      tell({
        kind: "value",
        message: `${path.join(".")} lacks ${key}`,
        range: { start, end: start },
        key: [...path, key].join("."),
      });
    }
  }

  function checkScalar(
    node: Extract<ComposeNode, { kind: "scalar" }>,
    shape: Shape,
    path: readonly string[],
  ): void {
    const { written, value, place, tag } = node;
    if (written === null || tag !== null || (typeof written === "string" && written.includes("$"))) return;
    if (shape.scalar === undefined) return wrongForm(node, shape, path);
    const range = { start: place.start, end: place.end };
    const key = path.join(".");
    if (shape.choices !== undefined && !shape.choices.includes(String(value))) {
      const meant = nearest(String(value), shape.choices);
      tell({
        kind: "value",
        message: `${key} is ${show(value)}, but must be one of ${shape.choices.join(", ")}`,
        range,
        key,
        ...(meant === null ? {} : { suggestion: meant }),
      });
    } else if (shape.scalar === "text" && typeof written !== "string") {
      tell({
        kind: "value",
        message: `${key} must be a text, and ${show(value)} is ${typeof written === "number" ? "a number" : "true or false"} to YAML: write it in quotes`,
        range,
        key,
        suggestion: JSON.stringify(String(written)),
      });
    } else if (shape.scalar === "flag" && !/^(?:true|false|yes|no|y|n|on|off|0|1)$/i.test(String(value))) {
      tell({ kind: "value", message: `${key} is ${show(value)}, but must be true or false`, range, key });
    } else if (shape.scalar === "number" && typeof written === "boolean") {
      tell({ kind: "value", message: `${key} is ${show(value)}, but must be a number`, range, key });
    }
  }

  function wrongForm(node: ComposeNode, shape: Shape, path: readonly string[]): void {
    // `!reset` takes a value of any form and ignores it.
    if (node.tag === "reset") return;
    const { start, end } = node.place;
    tell({
      kind: "value",
      message: `${path.join(".")} is ${FORM[node.kind]}, but must be ${formsOf(shape)}`,
      range: { start, end: node.kind === "scalar" ? end : start },
      key: path.join("."),
    });
  }
}

const FORM = { scalar: "a single value", list: "a list", map: "a mapping" } as const;

function formsOf({ scalar, list, map }: Shape): string {
  const forms = [
    ...(scalar === undefined ? [] : [FORM.scalar]),
    ...(list === undefined ? [] : [FORM.list]),
    ...(map === undefined ? [] : [FORM.map]),
  ];
  return forms.join(" or ");
}

function unknownKey(
  key: string,
  keys: Readonly<Record<string, Shape>>,
  path: readonly string[],
): Pick<ComposeProblem, "message" | "suggestion"> {
  const where = path.length === 0 ? "at the top" : `in ${path.join(".")}`;
  const mistaken = path.length === 2 && path[0] === "services" ? MISTAKEN[key] : undefined;
  if (mistaken !== undefined && Object.hasOwn(MISTAKEN, key)) {
    return mistaken.includes(".")
      ? { message: `${key} ${where} is no key that Compose knows; it belongs at ${mistaken}` }
      : {
          message: `${key} ${where} is no key that Compose knows; did you mean ${mistaken}?`,
          suggestion: mistaken,
        };
  }
  const meant = nearest(key, Object.keys(keys));
  if (meant !== null) {
    return {
      message: `${key} ${where} is no key that Compose knows; did you mean ${meant}?`,
      suggestion: meant,
    };
  }
  const misplaced = path.length === 0 && Object.hasOwn(SERVICE, key) ? "; it belongs to a service" : "";
  return { message: `${key} ${where} is no key that Compose knows${misplaced}` };
}

function show(value: unknown): string {
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
