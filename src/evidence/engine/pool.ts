import type { OnReadOpts, Socket } from "node:net";
import { type AnswerReader, hangUp, type HttpAnswer, readAnswer } from "./answer.ts";

/** Connections to one server, each of which answers one question after the other. */
export interface Pool {
  /** `GET path`. Rejects with what went wrong on the way; any status is an answer. */
  get(path: string, timeoutMs: number): Promise<HttpAnswer>;
  close(): void;
}

const MAX_ANSWER = 64 << 20;
/** An engine answers most questions at once: more connections cost more than they bring. */
const USUAL = 4;
/** So long a question waits for a connection that is free before it gets a new one. */
const PATIENCE_MS = 50;
const MOST = 64;
const BUFFER = 64 << 10;

interface Job {
  path: string;
  timeoutMs: number;
  resolve: (answer: HttpAnswer) => void;
  reject: (error: Error) => void;
}

interface Connection {
  ask(job: Job): void;
  destroy(): void;
}

/** Begins a connection whose bytes are read as the option `onread` of net.connect says. */
export type Open = (onread: OnReadOpts) => Socket;

/** @param host what the header Host says */
export function createPool(open: Open, host: string): Pool {
  const waiting: Job[] = [];
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  let more: NodeJS.Timeout | undefined;
  let closed = false;

  const free = (connection: Connection): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else connection.ask(next);
  };
  const connect = (job: Job): void => {
    const connection = createConnection(open, host, free, (gone) => {
      all.delete(gone);
      const at = idle.indexOf(gone);
      if (at >= 0) idle.splice(at, 1);
      const next = closed ? undefined : waiting.shift();
      if (next !== undefined) connect(next);
    });
    all.add(connection);
    connection.ask(job);
  };
  // Objects that hang, each on a connection of its own, must not hold up those that wait behind them.
  const grow = (): void => {
    more = undefined;
    const next = all.size < MOST ? waiting.shift() : undefined;
    if (next !== undefined) connect(next);
    if (waiting.length > 0) more = setTimeout(grow, PATIENCE_MS);
  };

  return {
    get: (path, timeoutMs) =>
      new Promise((resolve, reject) => {
        // Ids come from the engine itself, and must not become lines of their own.
        if (!/^\/[\x21-\x7e]*$/.test(path)) return reject(new Error("the path has signs that none may have"));
        if (closed) return reject(hangUp());
        const job = { path, timeoutMs, resolve, reject };
        const connection = idle.pop();
        if (connection !== undefined) connection.ask(job);
        else if (all.size < USUAL) connect(job);
        else {
          waiting.push(job);
          more ??= setTimeout(grow, PATIENCE_MS);
        }
      }),
    close: () => {
      closed = true;
      clearTimeout(more);
      for (const job of waiting.splice(0)) job.reject(hangUp());
      for (const connection of all) connection.destroy();
    },
  };
}

function createConnection(
  open: Open,
  host: string,
  free: (connection: Connection) => void,
  gone: (connection: Connection) => void,
): Connection {
  let job: Job | null = null;
  let reader: AnswerReader = readAnswer(0);
  let timer: NodeJS.Timeout | undefined;

  const settle = (how: (job: Job) => void): void => {
    clearTimeout(timer);
    const done = job;
    job = null;
    if (done !== null) how(done);
  };
  const fail = (error: Error): void => {
    settle(({ reject }) => reject(error));
    socket.destroy();
  };
  const attempt = (read: () => HttpAnswer | null): void => {
    let answer;
    try {
      answer = read();
    } catch (error) {
      return fail(error as Error);
    }
    if (answer === null) return;
    const again = reader.reusable();
    settle(({ resolve }) => resolve(answer));
    if (again) free(connection);
    else socket.destroy();
  };
  // One buffer for all that comes, past the machinery of streams.
  const buffer = Buffer.allocUnsafe(BUFFER);
  const socket = open({
    buffer,
    callback: (length) => {
      // What nobody asked for makes the next answer doubtful.
      if (job === null) socket.destroy();
      else attempt(() => reader.push(Buffer.from(buffer.subarray(0, length))));
      return true;
    },
  });
  const connection: Connection = {
    ask: (next) => {
      job = next;
      reader = readAnswer(MAX_ANSWER);
      // Of the whole answer, not of its next byte: an engine that drips must not hold us either.
      timer = setTimeout(() => {
        fail(new Error(`no answer within ${next.timeoutMs / 1000} s`));
      }, next.timeoutMs);
      socket.write(`GET ${next.path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: seaworthy\r\n\r\n`);
    },
    destroy: () => fail(hangUp()),
  };
  socket.on("end", () => {
    if (job !== null) attempt(() => reader.end());
  });
  socket.on("error", fail);
  socket.on("close", () => {
    fail(hangUp());
    gone(connection);
  });
  return connection;
}
