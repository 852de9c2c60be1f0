import { expect, it } from "vitest";
import { got } from "#model/reading.ts";
import {
  container,
  contextOf,
  declaredContainer,
  evidence,
  judgements,
  unreadableContainer,
  verdictOf,
} from "../testing.ts";
import links from "./links.ts";

const linked = (networkMode = "default") =>
  container({ declared: got(declaredContainer({ links: ["/db:/web/mysql"], networkMode })) });
const db = container({
  id: "d".repeat(64),
  name: "db",
  declared: got(
    declaredContainer({
      env: [
        { name: "MYSQL_ROOT_PASSWORD", shape: "text", length: 8 },
        { name: "LANG", shape: "text", length: 5 },
      ],
    }),
  ),
});

it("fails on a link, by the name of the other container", () => {
  expect(verdictOf(links, linked())).toMatchObject({
    verdict: "fail",
    severity: "low",
    key: "db",
    message: "gets all environment variables of db by a link",
    evidence: [{ witness: "declared", value: "/db:/web/mysql" }],
  });
});

it("is worse where secrets come along, and names them as this container sees them", () => {
  const context = contextOf(evidence({ containers: [linked(), db] }));
  expect(verdictOf(links, linked(), context)).toMatchObject({
    severity: "medium",
    message: "gets the secrets of db by a link: MYSQL_ENV_MYSQL_ROOT_PASSWORD",
  });
  const elsewhere = contextOf(evidence({ containers: [linked(), { ...db, engine: "podman" }] }));
  expect(verdictOf(links, linked(), elsewhere).severity).toBe("low");
});

it("is harmless on a network that users made", () => {
  expect(verdictOf(links, linked("app"))).toMatchObject({ verdict: "fail", severity: "info" });
});

it("gives one finding per link, and takes odd ones", () => {
  const subject = container({ declared: got(declaredContainer({ links: ["/db:/web/db", "cache", ""] })) });
  expect(judgements(links, subject).map(({ key }) => key)).toEqual(["db", "cache", ""]);
});

it("passes without links, and does not know without the declaration", () => {
  expect(verdictOf(links, container()).verdict).toBe("pass");
  expect(verdictOf(links, unreadableContainer()).verdict).toBe("unknown");
});
