import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRunLines, scriptKind } from "./find.ts";

const found = (path: string, text: string): string[] =>
  findRunLines({ path, text }).map(({ name, image, declaredIn }) => {
    const { start = 0, end = 0 } = declaredIn?.place ?? {};
    // the stretch of the file has to be the command itself
    expect(text.slice(start, end)).toMatch(/^\S*(?:docker|podman|nerdctl|\$)/);
    return `${name}=${image}`;
  });

describe("shell", () => {
  test("lines are found wherever code stands", () => {
    const text = `#!/bin/bash
start() {
  docker run --name web \\
    nginx:1   # with a comment
}
if true; then sudo podman run a/b@sha256:1; fi
ID=$(docker create c) && docker run "$ID"
ssh -p 22 me@host docker run d
ssh host 'docker run e && docker run f'
bash -c "docker run g"
eval docker run h
docker ps; echo docker run no
cat <<EOF
docker run no
EOF
ssh host <<'EOF'
docker run i
EOF
`;
    expect(found("x", text)).toEqual([
      "web=nginx:1",
      "b=a/b@sha256:1",
      "c=c",
      "$ID=$ID",
      "d=d",
      "e=e",
      "f=f",
      "g=g",
      "h=h",
      "i=i",
    ]);
  });

  test("names are unique and do not hang on lines", () => {
    const text =
      "docker run nginx\ndocker run nginx:2\ndocker run --name nginx-2 x\ndocker run library/nginx\n";
    expect(found("x.sh", text)).toEqual([
      "nginx=nginx",
      "nginx-2=nginx:2",
      "nginx-2-2=x",
      "nginx-3=library/nginx",
    ]);
    expect(found("x.sh", `\n\n${text}`)).toEqual(found("x.sh", text));
  });
});

describe("Makefiles", () => {
  test("have commands in recipes, with make's own signs", () => {
    const text = `IMAGE = docker run no
run: ## docker run no
\t@echo hi
\t-@docker run -v $(CURDIR):/src -u $$(id -u) \\
\t\t--name app-$@ \\
\t  $(IMAGE) make $<
other:
\tdocker run $$IMAGE
`;
    const [first, second, ...more] = findRunLines({ path: "Makefile", text });
    expect(more).toEqual([]);
    expect([first?.image, second?.image]).toEqual(["$(IMAGE)", "$IMAGE"]);
    const places = first?.declaredIn?.places ?? {};
    const at = (path: string): string => text.slice(places[path]?.start, places[path]?.end);
    expect([at("Mounts /src"), at("Config.User"), at("Image")]).toEqual([
      "-v $(CURDIR):/src",
      "-u $$(id -u)",
      "$(IMAGE)",
    ]);
  });

  test("of just have variables in braces", () => {
    const text = "run tag:\n  docker run --privileged app:{{tag}} x\n";
    const [container] = findRunLines({ path: "justfile", text });
    const image = container?.declaredIn?.places["Image"];
    expect(text.slice(image?.start, image?.end)).toBe("app:{{tag}}");
  });
});

describe("Markdown", () => {
  test("has commands in fences of shells, with prompts and output", () => {
    const text = `# docker run no
Use \`docker run no\`.

\`\`\`sh
docker run a
# docker run no
\`\`\`

1. Do

   \`\`\`console
   $ docker run --rm \\
   >   -p 80:80 b
   docker run no
   user@host:~/x$ podman run c
   \`\`\`

~~~
docker run d
~~~

\`\`\`python
docker run no
\`\`\`

\`\`\`console
# docker run e
docker run no
\`\`\`

\`\`\`
text about docker run no
\`\`\`

> \`\`\`bash
> docker run \\
>   f
> \`\`\`

\`\`\`sh
docker run g`;
    expect(found("README.md", text)).toEqual(["a=a", "b=b", "c=c", "d=d", "e=e", "f=f", "g=g"]);
  });
});

describe("unit files", () => {
  test("have commands with quoting, prefixes and continued lines of their own", () => {
    const text = `[Unit]
Description=docker run no
[Service]
ExecStartPre=-/usr/bin/docker rm -f web
ExecStart=/usr/bin/docker run --name web \\
  # a comment
  -e "A=b c" -v %t/x:/x -p "80:80" \\
  nginx:1 ; /usr/bin/docker run two
ExecStartPost=/bin/sh -c 'docker run three'
ExecStop=/usr/bin/podman run $IMAGE
`;
    expect(found("web.service", text)).toEqual(["web=nginx:1", "two=two", "three=three", "$IMAGE=$IMAGE"]);
    const [web] = findRunLines({ path: "web.service", text });
    expect(web?.declared.ok && web.declared.value).toMatchObject({
      env: [{ name: "A", length: 3 }],
      ports: [{ container: 80 }],
      mounts: [{ source: "%t/x" }],
    });
    const port = web?.declaredIn?.places["NetworkSettings.Ports"];
    expect(text.slice(port?.start, port?.end)).toBe('-p "80:80"');
  });
});

describe("workflows", () => {
  test("have commands in the steps that a shell runs", () => {
    const text = `on: push
jobs:
  a:
    steps:
      - name: docker run no
        run: docker run a
      - run: |
          docker run -e X=\${{ secrets.x }} \\
            b

          docker run c
      - run: >
          docker run
          --privileged
          d
      - run: "docker run e"
      - run: docker run
          f
  script: ["docker run g", 'docker run h']
  build:
    - run:
        command: docker run i
  image: docker run no
`;
    expect(found(".github/workflows/x.yml", text)).toEqual([..."abcdefghi"].map((name) => `${name}=${name}`));
    const [, b] = findRunLines({ path: "x.yml", text });
    const env = b?.declaredIn?.places["Config.Env X"];
    expect(text.slice(env?.start, env?.end)).toBe("-e X=${{ secrets.x }}");
  });

  test("that are no YAML hold none", () => {
    expect(found("x.yml", "run: [docker run x")).toEqual([]);
  });
});

test.each([
  ["Makefile", "", "makefile"],
  ["rules.mk", "", "makefile"],
  ["justfile", "", "justfile"],
  ["README.md", "", "markdown"],
  ["a/web.service", "", "unit"],
  ["x.yaml", "", "workflow"],
  ["run.sh", "```", "shell"],
  ["-", "#!/bin/sh\n```", "shell"],
  ["-", "[Service]\nExecStart=x", "unit"],
  ["-", "text\n```sh\n```", "markdown"],
  ["-", "docker run x", "shell"],
])("%s with %j is a %s", (path, text, kind) => {
  expect(scriptKind(path, text)).toBe(kind);
});

test("CRLF changes no name and no place", () => {
  const text = "docker run \\\n  --privileged \\\n  nginx\n";
  const windows = text.replaceAll("\n", "\r\n");
  for (const path of ["x.sh", "x.service"]) {
    const source = path === "x.sh" ? windows : `ExecStart=${windows}`;
    const [container] = findRunLines({ path, text: source });
    const place = container?.declaredIn?.places["HostConfig.Privileged"];
    expect([container?.image, source.slice(place?.start, place?.end)]).toEqual(["nginx", "--privileged"]);
  }
});

test("no text makes it throw, and every place lies in the text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "docker run ",
      "$ ",
      "\n",
      "\t",
      "\\\n",
      "```sh\n",
      "```\n",
      "'",
      '"',
      "$(",
      ")",
      "${{",
      "}}",
      "<<E\n",
    ),
    fc.constantFrom(
      "ExecStart=",
      "run: |\n  ",
      "- ",
      "--privileged ",
      "-v /:/x ",
      "nginx",
      "`",
      "> ",
      "# ",
      "$$",
      "\r\n",
    ),
    fc.string({ maxLength: 5 }),
  );
  const path = fc.constantFrom("x.sh", "Makefile", "x.md", "x.service", "x.yml", "justfile");
  fc.assert(
    fc.property(path, fc.array(piece, { maxLength: 30 }), (name, pieces) => {
      const text = pieces.join("");
      for (const { declaredIn } of findRunLines({ path: name, text })) {
        if (declaredIn === undefined) throw new Error("declared nowhere");
        for (const { start, end } of [declaredIn.place, ...Object.values(declaredIn.places)]) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }
    }),
    { numRuns: 6000 },
  );
});
