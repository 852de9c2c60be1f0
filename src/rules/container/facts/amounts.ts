const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes in the largest unit that keeps at least one before the point: `64 MiB`, `95.4 MiB`. */
export function bytes(amount: number): string {
  let value = amount;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${decimal(value, 1)} ${UNITS[unit]}`;
}

/** Processor time in CPUs, as people say it: `half a CPU`, `1 CPU`, `1.5 CPUs`. */
export function cpus(amount: number): string {
  if (amount === 0.5) return "half a CPU";
  return `${decimal(amount, 2)} ${amount === 1 ? "CPU" : "CPUs"}`;
}

/** A number with its noun: `1 process`, `3 processes`. */
export function counted(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** Names in a sentence; after the first `most` only how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

function decimal(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
