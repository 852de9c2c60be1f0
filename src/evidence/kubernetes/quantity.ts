/** Factors of the suffixes of quantities (Kubernetes API, "Quantity"). */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity stands for: `500m` = 0.5, `128Mi` in bytes, `1e3`; null for what is none. */
export function quantity(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const match = /^([+-]?(?:\d{1,18}\.?\d{0,18}|\.\d{1,18})(?:[eE][+-]?\d{1,2})?)([numkMGTPE]i?|Ki)?$/.exec(
    value.trim(),
  );
  const factor = match === null ? undefined : SUFFIXES[match[2] ?? ""];
  return match === null || factor === undefined ? null : Number(match[1]) * factor;
}
