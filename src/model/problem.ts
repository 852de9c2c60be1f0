/**
 * Something that could not be done at all (engine unreachable, file cut short), in words for people:
 * what, where, and what to do about it. Problems do not stop the rest of the work.
 */
export interface Problem {
  what: string;
  where: string;
  todo: string;
}

/** An error whose message is written for the user: what, where, what to do. Never shows a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Exit code that fits: 2 = the command or its input was wrong, 3 = the work could not be completed. */
  readonly exitCode: 2 | 3;
  constructor(message: string, exitCode: 2 | 3 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
