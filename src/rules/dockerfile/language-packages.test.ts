import { describe, expect, it } from "vitest";
import { findingsIn, linesIn, mended, ruleById } from "../testing.ts";
import languagePins from "./language-pins.ts";
import npmCi from "./npm-ci.ts";
import pipCache from "./pip-cache.ts";
import pipSystemPackages from "./pip-system-packages.ts";
import yarnCache from "./yarn-cache.ts";

const hadolint = { settings: { preset: "hadolint" as const } };
const names = (id: string, command: string, preset: "recommended" | "hadolint" = "recommended"): string[] =>
  findingsIn(ruleById(languagePins, `SW-DF-${id}-PIN`), `FROM a:1\nRUN ${command}\n`, {
    settings: { preset },
  }).map(({ message }) => message.replace(/^installs | without a version$/g, ""));

describe("pins", () => {
  it.each([
    ["PIP", "pip install a b==1 'c>=2' 'd[x]' 'e[y]~=1'", "a and d[x]"],
    ["PIP", "python3.11 -m pip --no-cache-dir install --timeout 3 --index-url https://x a", "a"],
    [
      "PIP",
      "/venv/bin/pip3 install git+https://x/y.git#egg=y git+ssh://git@x/y@v1",
      "git+https://x/y.git#egg=y",
    ],
    ["PIP", "pipx install a", "a"],
    ["PIP", "uv pip install a b==1", "a"],
    ["PIP", "pip install -r r.txt a", "a"],
    ["NPM", "npm i -g a b@1 @c/d @c/e@2", "a and @c/d"],
    ["NPM", "npm install --registry https://x a@latest ./b c.tgz", "a@latest"],
    ["NPM", "npm install git+https://me@x/y.git git://x/z.git#v1", "git+https://me@x/y.git"],
    ["GEM", "gem i a b:1 --no-document", "a"],
    ["GEM", "gem install a -- --with-x y", "a"],
    [
      "GO",
      "go install -ldflags '-s -w' -tags x a.example/b a.example/c@v1 a.example/d@latest ./e",
      "a.example/b and a.example/d@latest",
    ],
    ["GO", "go run a.example/b@latest c@latest", "a.example/b@latest"],
    ["GO", "GO111MODULE=on go get -u a", "a"],
  ])("SW-DF-%s-PIN: %s", (id, command, expected) => {
    expect(names(id, command)).toEqual([expected]);
  });

  it.each([
    ["PIP", "pip install . ./a a.whl https://x/a -e . -r r.txt"],
    ["PIP", "pip install -c c.txt a"],
    ["PIP", "pip download a"],
    ["NPM", "npm install"],
    ["NPM", "npm install . file:../a ~/b git+https://x/y#v1 a/b#c"],
    ["NPM", "npm run install a"],
    ["GEM", "gem install a -v1"],
    ["GEM", "gem install a --version '~> 2'"],
    ["GEM", "gem install ./a.gem"],
    ["GO", "go install ./... && go run main.go && go get"],
    ["GO", "go run a.example/b@v1 x y"],
  ])("SW-DF-%s-PIN lets %s be", (id, command) => {
    expect(names(id, command)).toEqual([]);
  });

  it("follow the old tool where it is asked for", () => {
    expect(names("PIP", "pip install -r r.txt a", "hadolint")).toEqual([]);
    expect(names("NPM", "npm install a@latest", "hadolint")).toEqual([]);
    expect(names("GO", "go run main.go", "hadolint")).toEqual(["main.go"]);
  });

  it("never show a password in an address", () => {
    expect(names("NPM", "npm install git+https://me:hunter2@x.example/y.git").join()).not.toContain(
      "hunter2",
    );
  });
});

describe("SW-DF-PIP-CACHE", () => {
  it("adds the flag behind the verb, whatever pip is called", () => {
    expect(mended(pipCache, "RUN pip install a && python -m pip -q install b\n")).toBe(
      "RUN pip install --no-cache-dir a && python -m pip -q install --no-cache-dir b\n",
    );
  });

  it.each([
    "RUN pip --no-cache-dir install a",
    "ENV PIP_NO_CACHE_DIR=1\nRUN pip install a",
    "ARG PIP_NO_CACHE_DIR=on\nRUN pip install a",
    "FROM x:1 AS y\nENV PIP_NO_CACHE_DIR yes\nFROM y\nRUN pip install a",
    "RUN PIP_NO_CACHE_DIR=true pip install a",
    "RUN export PIP_NO_CACHE_DIR='True' && pip install a",
    "RUN --mount=type=cache,target=/root/.cache/pip pip install a",
    "RUN --mount=type=cache,target=/home/x/.cache pip install a",
    "RUN --mount=type=cache,target=/c pip install --cache-dir /c a",
    "RUN pip install a && rm -rf ~/.cache",
    "RUN pip install a && pip cache purge",
    "FROM x:1\nRUN pip install a\nFROM y:1",
    "RUN pipenv install a",
  ])("lets %j be", (text) => {
    expect(linesIn(pipCache, `${text}\n`)).toEqual([]);
  });

  it.each([
    "ENV PIP_NO_CACHE_DIR=0\nRUN pip install a",
    "ENV PIP_NO_CACHE_DIR=1\nENV PIP_NO_CACHE_DIR=off\nRUN pip install a",
    "ENV PIP_NO_CACHE_DIR=1\nRUN PIP_NO_CACHE_DIR=no pip install a",
    "RUN pip cache purge && pip install a",
    "FROM x:1 AS y\nENV PIP_NO_CACHE_DIR=1\nFROM z:1\nRUN pip install a",
  ])("finds %j", (text) => {
    expect(linesIn(pipCache, `${text}\n`)).toHaveLength(1);
  });
});

describe("SW-DF-YARN-CACHE", () => {
  it("empties it at the end", () => {
    expect(mended(yarnCache, "RUN yarn install \\\n && x\n")).toBe(
      "RUN yarn install \\\n && x \\\n && yarn cache clean\n",
    );
  });

  it.each([
    "RUN yarn install && yarn cache clean",
    "RUN yarn run install",
    "RUN yarn --version",
    "RUN --mount=type=cache,target=/usr/local/share/.cache yarn install",
    "RUN --mount=type=tmpfs,target=/root/.cache/yarn yarn install",
    "RUN --mount=type=cache,target=/y yarn install --cache-folder /y",
    "RUN yarn install && rm -rf /usr/local/share/.cache/yarn",
    "FROM x:1 AS y\nRUN yarn install\nFROM z:1\nCOPY --from=y /a /a",
  ])("lets %j be", (text) => {
    expect(linesIn(yarnCache, `${text}\n`)).toEqual([]);
  });

  it("knows all ways to install; the old tool knows one", () => {
    const text = "RUN yarn\nRUN yarn add a\nRUN yarn global add a\nRUN yarn install\n";
    expect(linesIn(yarnCache, text)).toEqual([1, 2, 3, 4]);
    expect(linesIn(yarnCache, text, hadolint)).toEqual([4]);
  });
});

describe("habits", () => {
  it("npm install without a name may be npm ci", () => {
    expect(mended(npmCi, "RUN npm install --omit dev && npm i\n", "unsafe")).toBe(
      "RUN npm ci --omit dev && npm ci\n",
    );
    expect(linesIn(npmCi, "RUN npm install a\nRUN npm install -g\nRUN npm ci\n")).toEqual([]);
  });

  it("pip may write over packages of the distribution", () => {
    expect(
      linesIn(pipSystemPackages, "RUN pip install --break-system-packages a\nRUN pip install a\n"),
    ).toEqual([1]);
  });
});
