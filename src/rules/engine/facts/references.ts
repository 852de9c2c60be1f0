import { page } from "../../rule.ts";

/** The flags of dockerd and the keys of daemon.json. */
export const DOCKERD = page(
  "dockerd: options and daemon.json",
  "https://docs.docker.com/reference/cli/dockerd/",
);

/** How the engine's TCP socket is protected. */
export const PROTECT_SOCKET = page(
  "Docker docs: protect the Docker daemon socket",
  "https://docs.docker.com/engine/security/protect-access/",
);

/** What the engine no longer supports. */
export const DEPRECATED = page(
  "Docker docs: deprecated features",
  "https://docs.docker.com/engine/deprecated/",
);
