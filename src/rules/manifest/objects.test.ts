import { expect, test } from "vitest";
import { findings } from "./facts/testing.ts";
import objects from "./objects.ts";

test("versions that no longer answer", () => {
  expect(
    findings(objects, "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: d}\n"),
  ).toEqual([
    "API-REMOVED: extensions/v1beta1 has no Deployment since Kubernetes 1.16; apps/v1 has @ apiVersion: extensions/v1beta1",
  ]);
  expect(findings(objects, "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: c}\n")).toHaveLength(
    1,
  );
  expect(findings(objects, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n")).toEqual([]);
});

test("secrets in ConfigMaps, without their value", () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
  DB_PASSWORD: hunter22
  DB_PASSWORD_FILE: /run/secrets/db
  OTHER_TOKEN: \${TOKEN}
  URL: postgres://u:hunter22@db/x
  app.conf: |
    password = hunter22
`;
  const found = findings(objects, text).map((line) => line.replace(/ @ .*$/s, ""));
  expect(found).toEqual([
    'CONFIGMAP-SECRET DB_PASSWORD: DB_PASSWORD is named like a secret ("password")',
    "CONFIGMAP-SECRET URL: URL is a URL with a password in it",
  ]);
});

test("services that take addresses", () => {
  expect(
    findings(objects, "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {externalIPs: [1.1.1.1]}\n"),
  ).toEqual(["EXTERNAL-IP: takes 1.1.1.1 @ externalIPs: [1.1.1.1]"]);
  expect(findings(objects, "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {}\n")).toEqual([]);
});
