/** True if stdout is a terminal that shows colours, and nobody asked for none (https://no-color.org). */
export function usesColour(): boolean {
  const { NO_COLOR = "", TERM } = process.env;
  return process.stdout.isTTY === true && NO_COLOR === "" && TERM !== "dumb";
}
