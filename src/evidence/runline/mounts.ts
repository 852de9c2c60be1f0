import type { DeclaredContainer } from "#model/evidence/container.ts";
import { assignment, cleanPath, csvFields, switchOf } from "./values.ts";

type Mount = DeclaredContainer["mounts"][number];

/** What a shell makes of the start of a path; whose home it is, only the run tells, and `$USER` says so. */
const HOME = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/;

const PROPAGATIONS = new Set(["shared", "rshared", "slave", "rslave", "private", "rprivate"]);

/**
 * Reads `-v SOURCE:TARGET:OPTIONS`, `-v TARGET` and the forms with drive letters and pipes of Windows (docker run
 * reference, "Mount volume"). null for an empty text.
 */
export function volumeMount(text: string): Mount | null {
  const parts = volumeParts(text);
  const [first = "", second, options = ""] = parts;
  if (first === "") return null;
  if (second === undefined) return mountOf({ type: "volume", source: "", target: first, options: "" });
  // `-v /data:ro` is a source and a target named "ro" for the engine as well
  const type = /^[./~$\\]|^[A-Za-z]:/.test(first) || first.startsWith("`") ? "bind" : "volume";
  return mountOf({ type, source: first, target: second, options });
}

/** Colons part the fields, but not the one behind a drive letter, nor those within `$(…)` and `${…}`. */
function volumeParts(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "$" && /[({]/.test(text.charAt(at + 1))) depth += 1;
    else if (depth > 0 && /[)}]/.test(sign)) depth -= 1;
    const drive = /^[A-Za-z]$/.test(part) && /[\\/]/.test(text.charAt(at + 1)) && parts.length < 2;
    if (sign !== ":" || depth > 0 || drive) part += sign;
    else {
      parts.push(part);
      part = "";
    }
  }
  parts.push(part);
  return parts;
}

/** Reads `--mount type=bind,src=…,dst=…,readonly` (docker run reference, "Add bind mounts, volumes"). */
export function optionMount(text: string): Mount | null {
  let type = "volume";
  let source = "";
  let target = "";
  let readOnly = false;
  let propagation = "";
  for (const field of csvFields(text)) {
    const { name, value } = assignment(field.trim());
    const key = name.toLowerCase();
    if (key === "type") type = value.toLowerCase();
    else if (key === "source" || key === "src") source = value;
    else if (key === "target" || key === "dst" || key === "destination") target = value;
    else if (key === "readonly" || key === "ro") {
      readOnly = field.includes("=") ? switchOf(value) !== false : true;
    } else if (key === "bind-propagation") propagation = value;
  }
  if (target === "") return null;
  return mountOf({
    type,
    source,
    target,
    options: [readOnly ? "ro" : "", propagation].filter(Boolean).join(","),
  });
}

function mountOf(parts: { type: string; source: string; target: string; options: string }): Mount {
  const { type, target, options } = parts;
  const words = options.split(",").filter((word) => word !== "");
  const writable = !words.includes("ro") && !words.includes("readonly");
  const named = type === "volume";
  const source = named ? parts.source : cleanPath(parts.source.replace(HOME, "/home/$USER"));
  return {
    type,
    // A volume without a name gets one from the engine; what it shows is a folder of its own in any case.
    source: named && source === "" ? "(anonymous)" : source,
    target: cleanPath(target),
    writable,
    mode: options,
    propagation: words.findLast((word) => PROPAGATIONS.has(word)) ?? (type === "bind" ? "rprivate" : ""),
    ...(named && source !== "" ? { volume: source } : {}),
  };
}

/** Target and options of `--tmpfs /run:rw,size=64m`. */
export function tmpfsMount(text: string): { target: string; options: string } {
  const colon = text.indexOf(":");
  return colon < 0
    ? { target: cleanPath(text), options: "" }
    : { target: cleanPath(text.slice(0, colon)), options: text.slice(colon + 1) };
}
