import { page, rule, type Rule } from "../rule.ts";
import { judgeCalls } from "./facts/command-report.ts";
import {
  unpinnedGem,
  unpinnedGo,
  type UnpinnedIn,
  unpinnedNpm,
  unpinnedPip,
} from "./facts/package-references.ts";
import { maskSecrets } from "#evidence/env.ts";

interface Pin {
  id: string;
  code: string;
  aliases: string[];
  program: string;
  unpinned: UnpinnedIn;
  form: string;
  bad: string;
  good: string;
}

const PINS: readonly Pin[] = [
  {
    id: "SW-DF-PIP-PIN",
    code: "DL3013",
    aliases: ["kics:02d9c71f"],
    program: "pip",
    unpinned: unpinnedPip,
    form: "pip install NAME==VERSION, or -r with a file that has versions and hashes",
    bad: "RUN pip install --no-cache-dir flask",
    good: "RUN pip install --no-cache-dir flask==3.0.3",
  },
  {
    id: "SW-DF-NPM-PIN",
    code: "DL3016",
    aliases: ["kics:e36d8880"],
    program: "npm",
    unpinned: unpinnedNpm,
    form: "npm install NAME@VERSION, or npm ci with a lock file",
    bad: "RUN npm install --global pnpm",
    good: "RUN npm install --global pnpm@9.12.1",
  },
  {
    id: "SW-DF-GEM-PIN",
    code: "DL3028",
    aliases: ["kics:22cd11f7"],
    program: "gem",
    unpinned: unpinnedGem,
    form: "gem install NAME:VERSION, or bundle install with a lock file",
    bad: "RUN gem install bundler",
    good: "RUN gem install bundler:2.5.6",
  },
  {
    id: "SW-DF-GO-PIN",
    code: "DL3062",
    aliases: [],
    program: "go",
    unpinned: unpinnedGo,
    form: "go install PATH@VERSION",
    bad: "RUN go install golang.org/x/tools/gopls@latest",
    good: "RUN go install golang.org/x/tools/gopls@v0.16.2",
  },
];

export default PINS.map(({ id, code, aliases, program, unpinned, form, bad, good }): Rule<"dockerfile"> =>
  rule({
    id,
    subject: "dockerfile",
    title: `Installs packages with ${program} in whatever version there is`,
    severity: "medium",
    risk: "Whoever takes over a package, or its author, puts code into the next build without anybody here changing a line; and the same Dockerfile gives another image tomorrow.",
    countermeasure:
      "Name the version. Registries of languages keep old ones, so a pinned build goes on working; a bot can propose the updates.",
    remediation: { dockerfile: form },
    aliases: [code, ...aliases],
    references: [
      page(`hadolint ${code}`, `https://github.com/hadolint/hadolint/wiki/${code}`),
      page("Building best practices", "https://docs.docker.com/build/building/best-practices/"),
    ],
    examples: { bad, good },
    judge: (evidence, { settings }) =>
      judgeCalls(
        evidence,
        unpinned(evidence.dockerfile, settings),
        ({ packages }) =>
          packages.map(({ range, value }) => ({ range, name: maskSecrets(value), edits: null })),
        { message: (names) => `installs ${names} without a version` },
      ),
  }),
);
