import type { ComposeNode } from "#model/evidence/compose.ts";
import { at, flagOf, isOpen, textOf } from "./tree.ts";

/** An entry of a service's `volumes`, in either syntax. */
export interface Volume {
  /** `bind`, `volume`, `tmpfs`, `image`, `cluster`, `npipe`. */
  type: string;
  /** Path, volume name or image as written; "" = an anonymous volume. */
  source: string;
  target: string;
  readOnly: boolean;
  /** The options of the short syntax, or what the long one says by `bind.selinux`. */
  options: string[];
  propagation: string;
  /** A variable in it has no value, so that source or target may read otherwise. */
  open: boolean;
}

const PROPAGATION = /^r?(?:private|shared|slave)$/;
// A drive letter is no separator: `C:\data:/data`.
const WINDOWS = /^[A-Za-z]:[\\/]/;

/**
 * Reads `SOURCE:TARGET:OPTIONS` or the mapping that says the same (compose-spec, 05-services.md, "volumes").
 * A source that begins with `.`, `/`, `~` or a drive letter is a path, anything else the name of a volume.
 */
export function parseVolume(node: ComposeNode): Volume {
  return node.kind === "map" ? parseLong(node) : parseShort(textOf(node), isOpen(node));
}

function parseLong(node: ComposeNode): Volume {
  const selinux = textOf(at(node, "bind", "selinux"));
  const source = at(node, "source");
  const target = at(node, "target");
  return {
    type: textOf(at(node, "type")) || "volume",
    source: textOf(source),
    target: clean(textOf(target)),
    readOnly: flagOf(at(node, "read_only")),
    options: selinux === "" ? [] : [selinux],
    propagation: textOf(at(node, "bind", "propagation")),
    open: isOpen(source) || isOpen(target),
  };
}

function parseShort(text: string, open: boolean): Volume {
  const parts = splitVolume(text);
  const [source = "", target = "", options = ""] = parts.length === 1 ? ["", ...parts] : parts;
  const list = options.split(",").filter((option) => option !== "");
  return {
    type: isPath(source) ? "bind" : "volume",
    source,
    target: clean(target),
    readOnly: list.includes("ro"),
    options: list,
    propagation: list.find((option) => PROPAGATION.test(option)) ?? "",
    open,
  };
}

function splitVolume(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest !== "" && parts.length < 8) {
    const from = WINDOWS.test(rest) ? 2 : 0;
    const colon = rest.indexOf(":", from);
    parts.push(colon < 0 ? rest : rest.slice(0, colon));
    rest = colon < 0 ? "" : rest.slice(colon + 1);
  }
  return parts;
}

/** True for what Compose takes for a path of the host, not for the name of a volume. */
export function isPath(source: string): boolean {
  return /^[./~\\]/.test(source) || WINDOWS.test(source);
}

function clean(target: string): string {
  let end = target.length;
  while (end > 1 && target[end - 1] === "/") end -= 1;
  return target.slice(0, end);
}
