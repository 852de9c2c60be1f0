#!/usr/bin/env node
"use strict";
const { readFileSync } = require("node:fs");

const { version } = JSON.parse(readFileSync(`${__dirname}/../package.json`, "utf8"));
const args = process.argv.slice(2);

// A reader that has had enough (| head) is no error. Anything else means that the report is not whole, which
// must not pass for exit code 0. Without listeners Node would print a stack trace for both.
process.stdout.on("error", ({ code, message }) => {
  if (code === "EPIPE") return;
  process.stderr.write(`seaworthy: standard output cannot be written: ${message}\n`);
  process.on("exit", () => {
    process.exitCode = 3;
  });
});
process.stderr.on("error", () => {}); // There is nowhere left to complain.

if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  // Answered before anything is loaded: scripts ask for it often.
  process.stdout.write(`${version}\n`);
} else {
  require("node:v8").setFlagsFromString(process.env.FL || "--interrupt-budget=1000000");
  run();
}

async function run() {
  let program;
  let main;
  try {
    const { openProgram } = require("../dist/start.js");
    program = openProgram(`${__dirname}/../dist`, version, args);
    ({ main } = program.load("main.js"));
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND" && error.code !== "ENOENT") throw error;
    process.stderr.write("seaworthy: not built yet: run npm start (or npm run build) in its folder first\n");
    process.exitCode = 2;
    return;
  }
  process.exitCode = await main(args, version);
  // What ended early has compiled little.
  if (process.exitCode < 2) program.keep();
}
