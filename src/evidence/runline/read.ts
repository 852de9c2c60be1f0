import type { ContainerEvidence } from "#model/evidence/container.ts";
import type { ShellWord } from "#model/evidence/shell.ts";
import type { Range } from "#model/text.ts";
import { maskArguments, maskSecrets } from "../env.ts";
import { runArguments, type RunArguments } from "./arguments.ts";
import { declaredOnly } from "./blank.ts";
import { bridged, declare } from "./declare.ts";
import { type Draft, newDraft, placeOf, shortened } from "./draft.ts";
import type { PortBudget } from "./ports.ts";
import { plainCommand, runProgram, type RunProgram } from "./program.ts";
import { isOpen, withDefaults } from "./values.ts";

/** What the lines of one file share. */
export interface RunLineFile {
  /** As the user names it. */
  path: string;
  /** How often each name was given, so that each container has one of its own. */
  names: Map<string, number>;
  budget: PortBudget;
}

/** What lines of the file at `path` share, before the first of them is read. */
export function runLineFile(path: string): RunLineFile {
  return { path, names: new Map(), budget: { left: 100_000 } };
}

/**
 * Reads one command that starts a container: `docker run …`, `sudo podman create …`, `docker container run …`. null
 * for another command, and for one that names no image, as texts about the command do (`docker run [OPTIONS]`).
 *
 * @param words the whole command, wrappers like sudo included; ranges are offsets in the file
 */
export function readRunLine(words: readonly ShellWord[], file: RunLineFile): ContainerEvidence | null {
  const command = plainCommand(words);
  if (command === null) return null;
  const written = ({ start }: Range): string => words.find(({ range }) => range.start === start)?.raw ?? "";
  const program = runProgram(command, written);
  return program === null ? null : containerOf(program, file);
}

/** Words of one line; the kernel takes no longer command than that by far (execve(2), "Limits"). */
const MAX_WORDS = 10_000;

/** The container that a command starts; null where it names no image. */
export function containerOf(program: RunProgram, file: RunLineFile): ContainerEvidence | null {
  const { engine, words, range } = program;
  const parsed = runArguments(words.slice(0, MAX_WORDS));
  const { image } = parsed;
  if (image === null || (!isOpen(image.raw) && !isReference(image.value))) return null;
  const draft = newDraft(file.path, engine, file.budget);
  for (const option of parsed.options) declare(draft, option);
  finish(draft, parsed, image);
  return declaredOnly({
    name: uniqueName(nameOf(parsed, image), file.names),
    image: withDefaults(image.value),
    declared: draft.declared,
    declaredIn: {
      path: file.path,
      carrier: "run",
      place: placeOf(`${engine} run`, range),
      places: draft.places,
      ...(Object.keys(draft.unread).length === 0 ? {} : { unread: draft.unread }),
    },
  });
}

function finish(draft: Draft, { command, opaque }: RunArguments, image: ShellWord): void {
  const { declared, places, unread, engine } = draft;
  declared.command = maskArguments(command.slice(0, 1).map(({ value }) => value));
  places.Image = placeOf("image", image.range);
  const [first] = command;
  if (first !== undefined) places["Config.Cmd"] ??= placeOf("command", first.range);
  if (declared.networks.length === 0 && declared.networkMode === "") {
    declared.networks.push({ name: bridged("", draft), id: "", ip: "" });
  }
  if (opaque.length > 0) {
    const names = shortened(opaque.map(({ raw }) => raw).join(" "));
    unread["*"] = `more options come from ${names}, which only the run tells`;
  }
  if (engine === "podman") asPodman(draft);
}

/**
 * What podman does by default and Docker does not (podman-run(1), containers.conf(5)): at most 2048 processes, and
 * three capabilities less.
 */
function asPodman({ declared, places }: Draft): void {
  if (places["HostConfig.PidsLimit"] === undefined) declared.pidsLimit = 2048;
  if (declared.capAdd.includes("ALL")) return;
  for (const name of ["CAP_AUDIT_WRITE", "CAP_MKNOD", "CAP_NET_RAW"]) {
    if (!declared.capAdd.includes(name) && !declared.capDrop.includes(name)) declared.capDrop.push(name);
  }
}

// References are letters, digits and a few signs (distribution/reference); a path is that of --rootfs, and transports
// such as docker-archive:/x are podman's. What else stands there is a text about the command: `[OPTIONS]`, `IMAGE,`.
function isReference(image: string): boolean {
  return /^\.{0,2}\/?[A-Za-z0-9][\w./:@+-]*$/.test(image);
}

function nameOf({ options }: RunArguments, image: ShellWord): string {
  const given = options.findLast(({ name }) => name === "name");
  const name = given === undefined ? "" : maskSecrets(withDefaults(given.value ?? ""));
  if (name !== "") return shortened(name);
  const reference = withDefaults(image.value).replace(/@.*$/s, "");
  const base = reference.slice(reference.lastIndexOf("/") + 1).replace(/:.*$/s, "");
  return shortened(base === "" ? reference : base);
}

function uniqueName(name: string, names: Map<string, number>): string {
  let count = (names.get(name) ?? 0) + 1;
  // somebody may call a container "web-2"
  while (count > 1 && names.has(`${name}-${count}`)) count += 1;
  names.set(name, count);
  const unique = count === 1 ? name : `${name}-${count}`;
  if (unique !== name) names.set(unique, 1);
  return unique;
}
