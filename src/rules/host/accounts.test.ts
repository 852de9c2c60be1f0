import { describe, expect, it } from "vitest";
import type { AccountEvidence, HostEvidence } from "#model/evidence/host.ts";
import { got, missing } from "#model/reading.ts";
import { host, judgements, ruleById, verdictOf } from "../testing.ts";
import rules from "./accounts.ts";

const superuser = ruleById(rules, "SW-HOST-ACCOUNT-UID0");
const password = ruleById(rules, "SW-HOST-ACCOUNT-EMPTY-PASSWORD");

function machine(...accounts: Partial<AccountEvidence>[]): HostEvidence {
  return host({
    accounts: got(
      accounts.map((changes) => ({
        name: "root",
        uid: 0,
        gid: 0,
        home: "/",
        shell: "/bin/sh",
        password: "set",
        ...changes,
      })),
    ),
  });
}

describe("accounts", () => {
  it("knows one root", () => {
    expect(verdictOf(superuser, machine({})).verdict).toBe("pass");
    const judged = judgements(superuser, machine({}, { name: "toor" }, { name: "alice", uid: 1000 }));
    expect(judged).toHaveLength(1);
    expect(judged[0]).toMatchObject({ verdict: "fail", key: "toor", message: "toor has user id 0" });
    expect(verdictOf(superuser, host({ accounts: missing("permission denied") })).verdict).toBe("unknown");
  });

  it("finds empty passwords, and does not take what it cannot read for none", () => {
    expect(verdictOf(password, machine({}, { name: "daemon", password: "locked" })).verdict).toBe("pass");
    const judged = judgements(
      password,
      machine(
        { password: "unknown" },
        { name: "guest", password: "empty" },
        { name: "x", password: "unknown" },
      ),
    );
    expect(judged.map(({ verdict, key }) => [verdict, key])).toEqual([
      ["fail", "guest"],
      ["unknown", "unread"],
    ]);
    expect(judged[0]?.remediation).toBe("passwd --lock guest");
    expect(judged[1]?.message).toContain("2 accounts");
    expect(verdictOf(password, host({ accounts: missing("permission denied") })).verdict).toBe("unknown");
  });
});
