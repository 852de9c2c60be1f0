import { expect, test } from "vitest";
import { quantity } from "./quantity.ts";

test.each([
  ["500m", 0.5],
  ["2", 2],
  [2, 2],
  [".5", 0.5],
  ["128Mi", 128 * 2 ** 20],
  ["1Gi", 2 ** 30],
  ["1k", 1000],
  ["1Ki", 1024],
  ["1.5G", 1.5e9],
  ["1e3", 1000],
  ["12E", 12e18],
  ["1ki", null],
  ["lots", null],
  ["", null],
  [true, null],
  [null, null],
])("%s is %s", (text, amount) => {
  expect(quantity(text)).toBe(amount);
});
