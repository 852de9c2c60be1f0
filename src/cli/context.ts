/** What every command is given by main. */
export interface CommandContext {
  version: string;
  /** Sets the exit code; the highest that was set counts. */
  exit(code: number): void;
}

/** Exit codes of every command. */
export const EXIT = {
  /** Nothing at or above the gate. */
  clean: 0,
  /** Findings at or above the gate. */
  findings: 1,
  /** The command or its input was wrong. */
  usage: 2,
  /** The work could not be completed; what was found so far is still printed. */
  incomplete: 3,
} as const;
