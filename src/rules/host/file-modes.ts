import type { FileStat } from "#model/evidence/file.ts";
import type { Severity } from "#model/severity.ts";
import { actual, fail, type Judgement, man, notApplicable, pass, type Rule, rule, unknown } from "../rule.ts";
import { ENGINE_FILES, type EngineFile } from "./facts/engine-files.ts";
import { octal, shellWord } from "./facts/files.ts";
import type { Place } from "./facts/places.ts";

export default ENGINE_FILES.map((file) => {
  const isSocket = file.kind.endsWith("socket");
  return rule({
    id: `SW-HOST-FILE-${file.name}-MODE`,
    subject: "host",
    title: `${file.what} ${file.plural ? "are" : "is"} open to more users than needed`,
    severity: isSocket ? "critical" : file.kind === "certificate" ? "low" : "high",
    risk: file.risk,
    countermeasure: file.countermeasure,
    remediation: { host: `chmod ${octal(file.allowed)} ${file.usual}` },
    cis: [file.cisMode],
    references: [man("chmod.1"), man(isSocket ? "unix.7" : "inode.7")],
    examples: {
      bad: `chmod ${isSocket ? "0666" : "0646"} ${file.usual}`,
      good: `chmod ${octal(file.allowed)} ${file.usual}`,
    },
    judge: (host, context) => {
      const { found, unread, absent } = file.locate(host, context);
      // An abstract socket has no mode (unix(7)); that one is open at all is judged on the engine.
      const places = found.filter(({ abstract }) => !abstract);
      if (places.length === 0) return unread.length > 0 ? unknown(unread.join("; ")) : notApplicable(absent);
      const faults = places.flatMap((place) => judgeMode(file, place) ?? []);
      for (const why of unread) faults.push({ ...unknown(why), key: "unread" });
      if (faults.length > 0) return faults;
      const seen = places.flatMap(({ path, stat }) =>
        stat.ok ? [actual("lstat", octal(stat.value.mode), path)] : [],
      );
      return pass(`nothing beyond ${octal(file.allowed)}`, seen);
    },
  });
}) satisfies Rule<"host">[];

function judgeMode(file: EngineFile, { path, stat }: Place): Judgement | null {
  if (!stat.ok) return { ...unknown(stat.why), key: path };
  const { mode, type, acl } = stat.value;
  if (type === "link") {
    return { ...unknown(`${path} is a symbolic link; the mode of its target was not read`), key: path };
  }
  const allowed = allowedMode(file, stat.value);
  // Bits are compared, not numbers: 0602 and 0577 are smaller than 0644 and yet open (chmod(1)).
  const excess = mode & ~allowed;
  if (excess !== 0) {
    return fail(
      `${path} has mode ${octal(mode)}: ${meaning(file, excess)}`,
      [actual("lstat", octal(mode), path)],
      {
        key: path,
        severity: severityOf(file, stat.value, excess),
        remediation: `chmod ${octal(mode & allowed)} ${shellWord(path)}`,
      },
    );
  }
  if (acl === true && file.kind.endsWith("socket")) {
    return fail(
      `${path} carries an access control list that lets in more users than its mode shows`,
      [actual("lstat", octal(mode), path), actual("system.posix_acl_access", "present", path)],
      {
        key: path,
        severity: "medium",
        remediation: `getfacl ${shellWord(path)} shows it; setfacl --remove-all ${shellWord(path)} removes it`,
      },
    );
  }
  return null;
}

// A client key among the certificates is a secret, they are not (docs.docker.com, "Verify repository client
// with certificates": <name>.key is the private one).
function isKey({ kind }: EngineFile, path: string): boolean {
  return kind === "key" || (kind === "certificate" && path.endsWith(".key"));
}

function allowedMode(file: EngineFile, { path, type }: FileStat): number {
  if (isKey(file, path)) return 0o400;
  return type === "directory" ? file.allowed | 0o111 : file.allowed;
}

function severityOf(file: EngineFile, { path }: FileStat, excess: number): Severity {
  // connect(2) to a unix socket asks for write permission only, unix(7).
  if (file.kind.endsWith("socket")) return (excess & 0o002) !== 0 ? "critical" : "low";
  if (isKey(file, path)) return (excess & 0o066) !== 0 ? "high" : "low";
  return (excess & 0o022) !== 0 ? "high" : "low";
}

function meaning(file: EngineFile, excess: number): string {
  const parts: string[] = [];
  const may = (bits: number): string =>
    [
      (excess & bits & 0o444) !== 0 ? "read" : "",
      (excess & bits & 0o222) !== 0 ? (file.kind.endsWith("socket") ? "connect" : "write") : "",
      (excess & bits & 0o111) !== 0 ? "execute" : "",
    ]
      .filter((word) => word !== "")
      .join(" and ");
  if ((excess & 0o700) !== 0) parts.push(`its owner may ${may(0o700)}`);
  if ((excess & 0o070) !== 0) parts.push(`its group may ${may(0o070)}`);
  if ((excess & 0o007) !== 0) parts.push(`everybody may ${may(0o007)}`);
  if ((excess & 0o7000) !== 0) parts.push("it has a set-id or sticky bit");
  return parts.join(", ");
}
