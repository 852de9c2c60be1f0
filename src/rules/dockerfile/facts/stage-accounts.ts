import type { Dockerfile, Instruction } from "#model/evidence/dockerfile.ts";
import type { ShellCommand } from "#model/evidence/shell.ts";
import { operands } from "#evidence/shell/flags.ts";
import { unwrap } from "#evidence/shell/unwrap.ts";

/** An account or group that a RUN makes. */
export interface MadeAccount {
  name: string;
  kind: "user" | "group";
  by: Instruction;
}

// Flags with a value: useradd(8), groupadd(8), adduser(8) of Debian and of busybox.
const USERADD = [
  "b",
  "c",
  "comment",
  "d",
  "home-dir",
  "home",
  "e",
  "f",
  "g",
  "gid",
  "G",
  "groups",
  "k",
  "K",
  "p",
  "R",
  "s",
  "shell",
  "u",
  "uid",
  "ingroup",
  "gecos",
  "firstuid",
  "lastuid",
  "conf",
  "h",
  "S",
  "Z",
  "base-dir",
  "password",
];
const GROUPADD = ["g", "gid", "K", "p", "R", "G"];
// busybox: -S, -D and -H take none.
const ADDUSER = USERADD.filter((flag) => flag !== "S" && flag !== "f" && flag !== "p");
const CACHE = new WeakMap<Dockerfile, Map<number, MadeAccount[]>>();
const MAKERS = ["useradd", "groupadd", "adduser", "addgroup"];

function mayMake(code: string): boolean {
  return MAKERS.some((maker) => code.includes(maker));
}

/** Accounts that the RUNs of a stage make, by the index of the stage. */
export function madeAccounts(dockerfile: Dockerfile, stage: number): readonly MadeAccount[] {
  let made = CACHE.get(dockerfile);
  if (made === undefined) {
    made = new Map();
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== "RUN" || !mayMake(instruction.arguments.text)) continue;
      const found = instruction.shell.flatMap(({ commands }) => commands.flatMap(accountsOf));
      const accounts = made.get(instruction.stage) ?? [];
      for (const account of found) accounts.push({ ...account, by: instruction });
      made.set(instruction.stage, accounts);
    }
    CACHE.set(dockerfile, made);
  }
  return made.get(stage) ?? [];
}

function accountsOf(command: ShellCommand): Omit<MadeAccount, "by">[] {
  const inner = unwrap(command);
  const { name } = inner;
  if (name === "useradd" || name === "adduser") {
    // `adduser USER GROUP` adds to a group; the user is the first, for useradd the last.
    const words = operands(inner, name === "useradd" ? USERADD : ADDUSER);
    const user = name === "useradd" ? words.at(-1) : words[0];
    if (user === undefined || !user.static) return [];
    // Both make a group of the same name by default.
    return [
      { name: user.value, kind: "user" },
      { name: user.value, kind: "group" },
    ];
  }
  if (name !== "groupadd" && name !== "addgroup") return [];
  const words = operands(inner, GROUPADD);
  const group = name === "groupadd" ? words.at(-1) : words[0];
  return group === undefined || !group.static ? [] : [{ name: group.value, kind: "group" }];
}
