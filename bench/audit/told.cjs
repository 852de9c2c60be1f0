// Loaded into the measured process (node --require): tells at its end, on descriptor 3, how much memory it has held
// at most and how long it has collected.
const { readFileSync, writeSync } = require("node:fs");

process.on("exit", () => {
  // VmHWM of proc_pid_status(5) and not ru_maxrss, which begins with the memory of the process before exec.
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  const [begun, done] = ["seaworthy:collect", "seaworthy:collected"].map(
    (name) => performance.getEntriesByName(name)[0]?.startTime,
  );
  writeSync(3, `peak ${peak?.[1] ?? ""}\ncollect ${begun === undefined ? "" : done - begun}\n`);
});
