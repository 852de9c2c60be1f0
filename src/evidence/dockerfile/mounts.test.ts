import { describe, expect, test } from "vitest";
import { mountProblem } from "./mount-problems.ts";
import { csvFields, mountFields } from "./mounts.ts";

test("fields are one line of CSV", () => {
  expect(csvFields('a,"b,c",,"d""e"')).toEqual(["a", "b,c", "", 'd"e']);
  expect(csvFields('a,"open')).toEqual(["a", "open"]);
  expect([...mountFields("Type=cache,target=/a=b,RO")]).toEqual([
    ["type", "cache"],
    ["target", "/a=b"],
    ["ro", ""],
  ]);
});

describe("what the builder refuses", () => {
  test.each([
    [
      "type=cahce,target=/x",
      "--mount: type is bind, cache, tmpfs, secret, ssh, not cahce; did you mean cache?",
    ],
    ["tpye=cache", "--mount: there is no tpye; did you mean type?"],
    ["something=1", "--mount: there is no something"],
    ["type=cache,target", "--mount: target needs a value"],
    ["type=bind,from=$X,target=/x", "--mount: from takes no variables: $X"],
    [
      "type=cache,sharing=lock",
      "--mount: sharing is shared, private, locked, not lock; did you mean locked?",
    ],
    ["type=cache,mode=888", "--mount: mode is octal, not 888"],
    ["type=cache,uid=me", "--mount: uid is a number, not me"],
    ["type=bind,ro=maybe", "--mount: ro is true or false, not maybe"],
    ["type=bind,sharing=locked", "--mount: sharing does not go with type=bind"],
    ["target=/x,mode=0755", "--mount: mode does not go with type=bind"],
    ["type=cache,required", "--mount: required does not go with type=cache"],
    ["type=secret", "--mount: a secret needs an id, a source or a target"],
    ["type=secret,id=a,src=b", "--mount: a secret has either an id or a source"],
    ["type=secret,id=a,from=b", "--mount: a secret is taken from no stage"],
  ])("%s", (value, message) => {
    expect(mountProblem(value)).toBe(message);
  });

  test.each([
    "type=cache,target=/var/cache/apt,sharing=locked,id=apt-$TARGETARCH,mode=0755,uid=0,gid=0",
    "target=/x",
    "type=bind,source=.,target=/x,ro",
    "type=bind,rw=true,dst=/x",
    "type=secret,id=token,env=TOKEN,required=true",
    "type=ssh",
    "type=tmpfs,target=/x,size=1g",
    "type=$KIND,target=/x,mode=$MODE",
  ])("not %s", (value) => {
    expect(mountProblem(value)).toBeNull();
  });
});
