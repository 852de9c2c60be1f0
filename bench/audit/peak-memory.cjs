// Loaded into the measured process (node --require): tells at its end how much memory it has held at most.
// VmHWM of proc_pid_status(5) and not ru_maxrss, which begins with the memory of the process before exec.
const { readFileSync, writeSync } = require("node:fs");

process.on("exit", () => {
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  writeSync(3, `peak ${peak?.[1] ?? ""}\n`);
});
