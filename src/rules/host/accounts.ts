import { declared, fail, man, pass, type Rule, rule, unknown } from "../rule.ts";
import { shellWord } from "./facts/files.ts";

const superuser = rule({
  id: "SW-HOST-ACCOUNT-UID0",
  subject: "host",
  title: "An account besides root has user id 0",
  severity: "high",
  risk: "It is root by another name, with a password of its own: a door that stays open when root's is changed, and that logs do not show as root.",
  countermeasure: "One account has user id 0, and people become root by sudo.",
  remediation: {
    host: "usermod --non-unique --uid NEWID USER, or userdel USER; chown the files that it needs",
  },
  cis: ["1.2.1"],
  aliases: ["lynis:AUTH-9204"],
  references: [man("passwd.5")],
  examples: {
    bad: "toor:x:0:0::/root:/bin/sh",
    good: "root:x:0:0:root:/root:/bin/bash",
  },
  judge: (host) => {
    if (!host.accounts.ok) return unknown(host.accounts.why);
    const others = host.accounts.value.filter(({ uid, name }) => uid === 0 && name !== "root");
    if (others.length === 0)
      return pass("only root has user id 0", [declared("/etc/passwd", "root", "uid 0")]);
    return others.map(({ name, shell }) =>
      fail(`${name} has user id 0`, [declared("/etc/passwd", `${name}:0:${shell}`, "uid 0")], {
        key: name,
        remediation: `userdel ${shellWord(name)}, or give it an id of its own: usermod --uid NEWID ${shellWord(name)}`,
      }),
    );
  },
});

const password = rule({
  id: "SW-HOST-ACCOUNT-EMPTY-PASSWORD",
  subject: "host",
  title: "An account has no password",
  severity: "high",
  risk: "Everybody who reaches a login or su becomes that user, from a container that shares the host's network too.",
  countermeasure: "Lock accounts that nobody logs in to, give the others a password or a key.",
  remediation: { host: "passwd --lock USER" },
  cis: ["1.2.1"],
  aliases: ["lynis:AUTH-9283"],
  references: [man("shadow.5"), man("passwd.1")],
  examples: { bad: "guest::19000:0:99999:7:::", good: "guest:!:19000:0:99999:7:::" },
  judge: (host) => {
    if (!host.accounts.ok) return unknown(host.accounts.why);
    const accounts = host.accounts.value;
    const empty = accounts.filter((account) => account.password === "empty");
    const unread = accounts.filter((account) => account.password === "unknown").length;
    const faults = empty.map(({ name, shell }) =>
      fail(`${name} has an empty password`, [declared("/etc/shadow", `${name}: empty`, `shell ${shell}`)], {
        key: name,
        remediation: `passwd --lock ${shellWord(name)}`,
      }),
    );
    if (unread > 0) {
      const why = `the passwords of ${unread} accounts could not be read; run as root to judge them`;
      faults.push({ ...unknown(why), key: "unread" });
    }
    if (faults.length > 0) return faults;
    return pass("every account has a password or is locked", [
      declared("/etc/shadow", `${accounts.length} accounts, none empty`),
    ]);
  },
});

export default [superuser, password] satisfies Rule<"host">[];
