/** Keywords of the Dockerfile reference, MAINTAINER included. */
export const KEYWORDS = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
] as const;

const KNOWN = new Set<string>(KEYWORDS);

/** Whether a word in upper case is a keyword. */
export function isKeyword(word: string): boolean {
  return KNOWN.has(word);
}
