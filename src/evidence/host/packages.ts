import { gunzipSync } from "node:zlib";
import type { HostEvidence, PackageEvidence } from "#model/evidence/host.ts";
import { got, missing, type Reading } from "#model/reading.ts";
import { attempt, attemptOptional, type HostFiles } from "../filesystem.ts";
import { findProgram, runTool } from "./tools.ts";

/** Packages of the chain engine, containerd, runtime, under the names of all distributions. */
const ENGINE_PACKAGES: ReadonlySet<string> = new Set([
  "containerd",
  "containerd.io",
  "crun",
  "docker",
  "docker-ce",
  "docker-ce-cli",
  "docker-engine",
  "docker.io",
  "moby-containerd",
  "moby-engine",
  "moby-runc",
  "podman",
  "runc",
]);

const KERNEL_PACKAGE = /^(?:linux-image-\S+|linux-(?:lts|virt|edge)|kernel(?:-core|-default)?)$/;
const RPM_KERNELS = ["kernel", "kernel-core", "kernel-default"];

const MAX_DATABASE = 64 << 20;
const MAX_CHANGELOG = 16 << 20;

/** CVE ids that a changelog names, each once, sorted. */
export function cvesOf(changelog: string): string[] {
  return [...new Set(changelog.match(/\bCVE-\d{4}-\d{4,7}\b/g))].toSorted();
}

/** Reads dpkg's status file (deb-status format of dpkg(1)): the wanted packages that are installed. */
export function parseDpkgStatus(text: string): Omit<PackageEvidence, "fixedCves">[] {
  return stanzas(text, "Package: ").flatMap((stanza) => {
    const name = field(stanza, "Package: ");
    const version = field(stanza, "Version: ");
    if (name === null || version === null || !field(stanza, "Status: ")?.endsWith(" installed")) return [];
    // `Source: docker.io (20.10.24-1)` where the source's version differs, nothing where its name does not.
    const source = field(stanza, "Source: ")?.split(" ")[0] ?? name;
    return [{ name, version, source, manager: "dpkg" as const }];
  });
}

/** Reads apk's database of installed packages (P: name, V: version, o: origin). */
export function parseApkInstalled(text: string): Omit<PackageEvidence, "fixedCves">[] {
  return stanzas(text, "P:").flatMap((stanza) => {
    const name = field(stanza, "P:");
    const version = field(stanza, "V:");
    if (name === null || version === null) return [];
    return [{ name, version, source: field(stanza, "o:") ?? name, manager: "apk" as const }];
  });
}

const RPM_RECORD = "\x1e";
const RPM_FORMAT = `${RPM_RECORD}%{NAME}\t%{EVR}\t%{SOURCERPM}\n`;

/** Reads what `rpm -q` prints in our format: a record separator, name, version and source, then the changelog. */
export function parseRpm(text: string): PackageEvidence[] {
  return text
    .split(RPM_RECORD)
    .slice(1)
    .flatMap((record) => {
      const end = record.indexOf("\n");
      const [name, version, source] = record.slice(0, end < 0 ? undefined : end).split("\t");
      if (!name || !version || !isWanted(name)) return [];
      return {
        name,
        version,
        source: /^(.+)-[^-]+-[^-]+\.src\.rpm$/.exec(source ?? "")?.[1] ?? name,
        manager: "rpm" as const,
        fixedCves: end < 0 ? [] : cvesOf(record.slice(end)),
      };
    });
}

/** The packages of engine chain and kernel, from whichever package manager the host has. */
export async function collectPackages(files: HostFiles): Promise<HostEvidence["packages"]> {
  const readings: Reading<PackageEvidence[]>[] = [];
  const dpkg = readDatabase(files, ["/var/lib/dpkg/status"]);
  if (!dpkg.ok) readings.push(dpkg);
  else if (dpkg.value !== null) {
    readings.push(
      got(
        parseDpkgStatus(dpkg.value).map((entry) => ({
          ...entry,
          fixedCves: ENGINE_PACKAGES.has(entry.name) ? debianCves(files, entry.name) : [],
        })),
      ),
    );
  }
  const apk = readDatabase(files, ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]);
  if (!apk.ok) readings.push(apk);
  else if (apk.value !== null) {
    readings.push(got(parseApkInstalled(apk.value).map((entry) => ({ ...entry, fixedCves: [] }))));
  }
  if (readings.length === 0) readings.push(await askRpm(files));
  const failed = readings.find((reading) => !reading.ok);
  if (failed !== undefined && !failed.ok) return failed;
  return got(readings.flatMap((reading) => (reading.ok ? reading.value : [])));
}

async function askRpm(files: HostFiles): Promise<Reading<PackageEvidence[]>> {
  if (findProgram(files, "rpm") === null) return missing("no database of dpkg, apk or rpm was found");
  // The exit code is the number of packages that are not installed (rpm(8)).
  const some = (code: number): boolean => code > 0 && code < 100;
  const [chain, kernels] = await Promise.all([
    runTool(files, "rpm", ["-q", "--qf", `${RPM_FORMAT}[%{CHANGELOGTEXT}\n]`, ...ENGINE_PACKAGES], some),
    runTool(files, "rpm", ["-q", "--qf", RPM_FORMAT, ...RPM_KERNELS], some),
  ]);
  if (!chain.ok) return chain;
  if (!kernels.ok) return kernels;
  return got([...parseRpm(chain.value), ...parseRpm(kernels.value)]);
}

function readDatabase(files: HostFiles, paths: readonly string[]): Reading<string | null> {
  for (const path of paths) {
    // One byte per sign: what is looked for is plain ASCII, and half the memory is searched.
    const text = attemptOptional(path, () => files.readBytes(path, MAX_DATABASE).toString("latin1"));
    if (!text.ok || text.value !== null) return text;
  }
  return got(null);
}

/** Ids in the package's own changelog; distributions mend old versions, so the version alone misleads. */
function debianCves(files: HostFiles, name: string): string[] {
  const cves = ["changelog.Debian.gz", "changelog.gz"].flatMap((file) => {
    const path = `/usr/share/doc/${name}/${file}`;
    const text = attempt(path, () =>
      gunzipSync(files.readBytes(path, MAX_CHANGELOG), { maxOutputLength: MAX_CHANGELOG }).toString("latin1"),
    );
    return text.ok ? cvesOf(text.value) : [];
  });
  return [...new Set(cves)].toSorted();
}

/** The stanzas of the wanted packages. `key` begins the line that names the package. */
function stanzas(text: string, key: string): string[] {
  const found: string[] = [];
  const mark = `\n${key}`;
  const all = `\n${text}`;
  for (let at = all.indexOf(mark); at >= 0; at = all.indexOf(mark, at + 1)) {
    const start = at + mark.length;
    const end = all.indexOf("\n", start);
    if (!isWanted(all.slice(start, end < 0 ? undefined : end).trimEnd())) continue;
    const from = all.lastIndexOf("\n\n", at);
    const to = all.indexOf("\n\n", start);
    found.push(all.slice(from < 0 ? 0 : from + 1, to < 0 ? undefined : to));
  }
  return found;
}

function field(stanza: string, key: string): string | null {
  const at = `\n${stanza}`.indexOf(`\n${key}`);
  if (at < 0) return null;
  const start = at + key.length;
  const end = stanza.indexOf("\n", start);
  return stanza.slice(start, end < 0 ? undefined : end).trim();
}

function isWanted(name: string): boolean {
  return ENGINE_PACKAGES.has(name) || KERNEL_PACKAGE.test(name);
}
