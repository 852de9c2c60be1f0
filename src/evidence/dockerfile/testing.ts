import type { Dockerfile, Instruction, JoinedText } from "#model/evidence/dockerfile.ts";
import type { Range } from "#model/text.ts";
import { parseDockerfile } from "./parse.ts";

/** A text for tests whose offsets are those in the file. */
export function joinedOf(text: string): JoinedText {
  return { text, origin: (offset) => offset };
}

/** The only instruction, or the one at `index`, of a Dockerfile. */
export function instructionOf(text: string, index = 0): Instruction {
  const instruction = parseDockerfile(text).instructions[index];
  if (instruction === undefined) throw new Error(`there is no instruction ${index}`);
  return instruction;
}

/** What stands at a range. */
export function at({ text }: Pick<Dockerfile, "text">, { start, end }: Range): string {
  return text.slice(start, end);
}

/** Dockerfiles that hold a little of everything, sound and broken. */
export const SEEDS: readonly string[] = [
  `# syntax=docker/dockerfile:1
# check=skip=StageNameCasing
ARG VERSION=1.2 SUFFIX
FROM --platform=$BUILDPLATFORM registry.example.com/a/b:\${VERSION%.*}\${SUFFIX:+-$SUFFIX}@sha256:00 AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV A=1 B="two \\" three" C='$A'
ENV OLD old value
RUN --mount=type=cache,target=/x,sharing=locked apt-get update \\
    # a note
    && apt-get install -y "$A" \\

    b
COPY --chown=1:1 --link ["a b", "\\u0041", "/dest/"]
COPY <<-'one' <<two.txt /dest/
	body $A
	one
# no comment
two.txt
HEALTHCHECK --interval=5s --retries=3 CMD curl -f http://localhost || exit 1
ONBUILD RUN <<EOF
#!/bin/sh
echo hi
EOF
FROM scratch
COPY --from=build /a /a
EXPOSE 80 443/TCP [::1]:80:80
LABEL a=b c="d e"
VOLUME /data
USER 1000:1000
STOPSIGNAL SIGTERM
CMD ["a", "b c"]
`,
  "# escape=`\r\nFROM mcr.microsoft.com/windows/nanoserver:1\r\nRUN a `\r\n  b\r\nCOPY a C:\\x\\\r\n",
  "\uFEFFfrom a\nrun cat <<EOF >x && bash <<'B'\na\nEOF\nb\nB\nmaintainer Me\n",
  "#!/usr/bin/env x\n# syntax=y\nFROM a\nR\\\nUN x\nBADD y\nCOPY a\nENV A\nRUN cat <<OPEN\n x\nCMD z",
];
