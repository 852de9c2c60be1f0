/** What a single value may be. */
export type ScalarKind = "text" | "flag" | "number" | "any";

/**
 * What may stand in a place of a Compose file: any of the forms that are given. A value of another form is one
 * that Compose refuses. Nothing at all (`ports:` alone) is never a fault here.
 */
export interface Shape {
  scalar?: ScalarKind;
  /** The texts that are allowed, where there is a choice. */
  choices?: readonly string[];
  /** Form of the items of a list. */
  list?: Shape;
  map?: MapShape;
}

export interface MapShape {
  /** Known keys; `x-…` is allowed beside them. null = the keys are names that users choose. */
  keys: Readonly<Record<string, Shape>> | null;
  /** Form of what has a chosen name. */
  value?: Shape;
  required?: readonly string[];
}

/** Text only: Compose refuses a bare number here. */
export const text: Shape = { scalar: "text" };
/** `true`, `false`, or a text that says so. */
export const flag: Shape = { scalar: "flag" };
/** A number, or a text. */
export const number: Shape = { scalar: "number" };
/** Any single value. */
export const any: Shape = { scalar: "any" };
/** Whatever a program that is not Compose makes of it. */
export const free: Shape = {
  scalar: "any",
  list: { scalar: "any", map: { keys: null } },
  map: { keys: null },
};

/** One of the given texts. */
export function choice(...choices: string[]): Shape {
  return { scalar: "text", choices };
}

export function list(item: Shape): Shape {
  return { list: item };
}

/** A mapping with known keys. */
export function map(keys: Readonly<Record<string, Shape>>, ...required: string[]): Shape {
  return { map: { keys, required } };
}

/** A mapping by names that users choose. */
export function named(value: Shape): Shape {
  return { map: { keys: null, value } };
}

/** Any of several forms; they must not overlap. */
export function either(...shapes: Shape[]): Shape {
  return Object.assign({}, ...shapes) as Shape;
}

/** A list of texts. */
export const texts = list(text);
/** One text, or a list of them. */
export const textOrTexts = either(text, texts);
/** `NAME: value`, or a list of `NAME=value`. */
export const pairs = either(named(any), texts);
