import fc from "fast-check";
import { expect, test } from "vitest";
import { type NamesSoFar, namesSoFar } from "./names-so-far.ts";

test("a view holds what was there when it was taken", () => {
  const names = namesSoFar(["a"]);
  const first = names.view();
  expect(names.view()).toBe(first);
  names.add("b");
  const second = names.view();
  names.add("a");
  expect(names.view()).toBe(second);
  expect([...first]).toEqual(["a"]);
  expect([first.size, second.size, first.has("b"), second.has("b")]).toEqual([1, 2, false, true]);
  expect([[...second.keys()], [...second.values()], [...second.entries()]]).toEqual([
    ["a", "b"],
    ["a", "b"],
    [
      ["a", "a"],
      ["b", "b"],
    ],
  ]);
  const seen: string[] = [];
  second["forEach"]((name, same, all) => {
    seen.push(`${name}${same}${all.size}`);
  });
  expect(seen).toEqual(["aa2", "bb2"]);
});

test("behaves as sets that are copied", () => {
  const steps = fc.array(
    fc.record({ fork: fc.boolean(), from: fc.nat(), name: fc.constantFrom(..."abcdefgh") }),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(steps, (todo) => {
      const real: NamesSoFar[] = [namesSoFar([])];
      const model = [new Set<string>()];
      const views: { view: ReadonlySet<string>; copy: Set<string> }[] = [];
      for (const { fork, from, name } of todo) {
        const at = fork ? from % real.length : real.length - 1;
        if (fork) {
          real.push((real[at] as NamesSoFar).fork());
          model.push(new Set(model[at]));
        }
        real.at(-1)?.add(name);
        model.at(-1)?.add(name);
        views.push({ view: (real[at] as NamesSoFar).view(), copy: new Set(model[at]) });
      }
      for (const { view, copy } of views) expect([...view]).toEqual([...copy]);
    }),
    { numRuns: 50 },
  );
});
