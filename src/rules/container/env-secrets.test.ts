import { expect, it } from "vitest";
import type { EnvEvidence } from "#model/evidence/container.ts";
import { got } from "#model/reading.ts";
import {
  container,
  contextOf,
  declaredContainer,
  engine,
  evidence,
  image,
  judgements,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import secrets from "./env-secrets.ts";

const IMAGE = `sha256:${"b".repeat(64)}`;
const variable = (name: string, shape = "text", length = 12): EnvEvidence => ({ name, shape, length });
const having = (...env: EnvEvidence[]) =>
  container({ declared: got(declaredContainer({ env, imageId: IMAGE })) });

it("fails once per variable, and shows no value", () => {
  const found = judgements(
    secrets,
    having(variable("POSTGRES_PASSWORD"), variable("LANG"), variable("GH", "token:github", 40)),
  );
  expect(found.map(({ key }) => key)).toEqual(["POSTGRES_PASSWORD", "GH"]);
  expect(found[0]).toMatchObject({
    verdict: "fail",
    message: 'POSTGRES_PASSWORD is named like a secret ("password")',
    evidence: [{ witness: "declared", path: "Config.Env", value: "POSTGRES_PASSWORD (text, 12 characters)" }],
  });
  expect(found[0]?.remediation).toContain("POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password");
});

it("tells of a name that stands twice once", () => {
  const twice = having(variable("DB_PASSWORD", "empty", 0), variable("DB_PASSWORD"), variable("DB_PASSWORD"));
  expect(verdictOf(secrets, twice)).toMatchObject({ verdict: "fail", key: "DB_PASSWORD" });
});

it("says so where the secret comes with the image", () => {
  const detail = image().detail;
  if (!detail.ok) throw new Error("the builder gives details");
  const env = [variable("API_KEY")];
  const images = got([image({ id: IMAGE, detail: got({ ...detail.value, env }) })]);
  const context = contextOf(evidence({ engines: [engine({ images })] }));
  expect(verdictOf(secrets, having(variable("API_KEY")), context)).toMatchObject({
    message: expect.stringContaining(", and comes with the image"),
    remediation: expect.stringContaining("Dockerfile: remove ENV API_KEY"),
  });
  const changed = verdictOf(secrets, having(variable("API_KEY", "text", 30)), context);
  expect(changed.message).not.toContain("comes with the image");
});

it("passes without secrets, and does not know without the declaration", () => {
  const subject = having(variable("PATH", "path"), variable("DB_PASSWORD_FILE", "path"));
  expect(verdictOf(secrets, subject)).toMatchObject({
    verdict: "pass",
    evidence: [{ value: "2 variables" }],
  });
  expect(verdictOf(secrets, unreadableContainer()).verdict).toBe("unknown");
});
