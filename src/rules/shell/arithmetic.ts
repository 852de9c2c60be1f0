import type { ArithmeticBinary, ArithmeticUnary } from "unbash";

const NAME = /^[A-Za-z_]\w*/;
const ASSIGNS = /^(?:[-+*/%&|^]|<<|>>)?=$/;

/** Names of variables that an arithmetic operator writes to: `x = 1`, `x += 1`, `x++`. */
export function arithmeticTarget(node: ArithmeticBinary | ArithmeticUnary): string[] {
  const operand =
    node.type === "ArithmeticBinary"
      ? ASSIGNS.test(node.operator)
        ? node.left
        : null
      : node.operator === "++" || node.operator === "--"
        ? node.operand
        : null;
  if (operand?.type !== "ArithmeticWord") return [];
  const name = NAME.exec(operand.value)?.[0];
  return name === undefined ? [] : [name];
}
