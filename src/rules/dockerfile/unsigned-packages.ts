import type { Dockerfile } from "#model/evidence/dockerfile.ts";
import { page, rule } from "../rule.ts";
import { aptSettings, isAptOn } from "./facts/apt-flags.ts";
import { buildCalls, type Call } from "./facts/command-calls.ts";
import { removeWord } from "./facts/command-edits.ts";
import { judgeCalls, type Offence } from "./facts/command-report.ts";

const APT = /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$/;
const RPM =
  /^--(?:nogpgcheck|no-gpgchecks|setopt=(?:[\w*.-]+\.)?(?:pkg_|repo_|localpkg_)?gpgcheck=(?:0|false|no))$/i;

/**
 * Switches that stand as a word of their own, by program: their manual pages; and what is written into lists of
 * sources. A repository of files that the build itself makes has no signature.
 */
const WORDS: Readonly<Record<string, RegExp>> = {
  apk: /^--allow-untrusted$/,
  "apt-get": APT,
  apt: APT,
  aptitude: /^--allow-untrusted$/,
  yum: RPM,
  dnf: RPM,
  dnf5: RPM,
  microdnf: RPM,
  tdnf: RPM,
  "yum-config-manager": RPM,
  zypper: /^(?:--no-gpg-checks?|--no-gpgcheck|--gpgcheck-allow-unsigned(?:-package|-repo)?)$/,
  rpm: /^--(?:nosignature|nodigest|noverify|nofiledigest|nopayload)$/,
  pacman: /^--siglevel=?(?:never)?$/i,
  echo: /trusted=yes(?![^\n]{0,300}\sfile:)|(?:^|\s)(?:repo_)?gpgcheck\s*=\s*0(?=\s|$)|APT::Get::AllowUnauthenticated\s+"?(?:true|1|yes)/im,
  printf:
    /trusted=yes(?![^\n]{0,300}\sfile:)|(?:^|\s|\\n)(?:repo_)?gpgcheck\s*=\s*0(?=\s|\\n|$)|APT::Get::AllowUnauthenticated\s+"?(?:true|1|yes)/im,
};
const APT_SETTINGS = [
  "apt::get::allowunauthenticated",
  "acquire::allowinsecurerepositories",
  "acquire::allowweakrepositories",
];

export default rule({
  id: "SW-DF-UNSIGNED-PACKAGES",
  subject: "dockerfile",
  title: "Installs packages without checking their signature",
  severity: "high",
  risk: "The signature is what tells the distribution's package from any other: without the check a mirror, a proxy or anybody on the way decides what is installed, with its scripts run as root.",
  countermeasure:
    "Put the key of the repository into the image, and leave the check on. A package from a file is checked by its checksum before it is installed.",
  remediation: {
    dockerfile: "drop the switch; add the repository's key: signed-by= of apt, rpm --import, /etc/apk/keys",
  },
  aliases: [7, 8, 9, 10, 11].map((number) => `checkov:CKV2_DOCKER_${number}`),
  references: [
    page("apt-secure(8)", "https://manpages.debian.org/stable/apt/apt-secure.8.en.html"),
    page("CWE-347: improper verification of a signature", "https://cwe.mitre.org/data/definitions/347.html"),
  ],
  examples: {
    bad: "RUN apk add --no-cache --allow-untrusted ./tool.apk",
    good: "COPY tool.rsa.pub /etc/apk/keys/\nRUN apk add --no-cache ./tool.apk",
  },
  judge: (evidence) =>
    judgeCalls(
      evidence,
      buildCalls(evidence.dockerfile, ...Object.keys(WORDS)),
      (call) => offences(evidence.dockerfile, call),
      {
        message: (names) => `packages are taken without a check of their signature: ${names}`,
        // What is not signed can then no longer be installed.
        fix: { title: "Leave the check on", safety: "unsafe" },
      },
    ),
});

function offences(dockerfile: Dockerfile, call: Call): Offence[] {
  const { name, args } = call.command;
  const pattern = WORDS[name ?? ""];
  if (name === null || pattern === undefined) return [];
  const writes = name === "echo" || name === "printf";
  const found = args
    .filter(({ value }) => pattern.test(value))
    .map((word): Offence => {
      const shown = writes ? (pattern.exec(word.value)?.[0].trim() ?? name) : `${name} ${word.value}`;
      return {
        range: word.range,
        name: shown,
        edits: writes ? null : removeWord(dockerfile, call, word.range),
      };
    });
  if (name === "apt-get" || name === "apt") {
    const settings = aptSettings(call.command);
    const on = APT_SETTINGS.find((key) => isAptOn(settings.get(key)));
    if (on !== undefined) found.push({ range: call.command.range, name: `${name} -o ${on}`, edits: null });
  }
  return found;
}
