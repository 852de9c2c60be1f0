const AFTER_MS = 1000;
const EVERY_MS = 100;

/** A line on a terminal's stderr that says what is being done, once it has taken a second; else nothing. */
export function startProgress(quiet: boolean): { tell: (doing: string) => void; stop: () => void } {
  if (quiet || !process.stderr.isTTY) return { tell: () => {}, stop: () => {} };
  const started = performance.now();
  let doing = "starting";
  let shown = false;
  const timer = setInterval(() => {
    const elapsed = performance.now() - started;
    if (elapsed < AFTER_MS) return;
    shown = true;
    process.stderr.write(`\r\u001B[K${doing} … ${(elapsed / 1000).toFixed(1)} s`);
  }, EVERY_MS);
  timer.unref();
  return {
    tell: (next) => {
      doing = next;
    },
    stop: () => {
      clearInterval(timer);
      if (shown) process.stderr.write("\r\u001B[K");
    },
  };
}
