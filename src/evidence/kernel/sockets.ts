import { endianness } from "node:os";
import type { ListenerEvidence } from "#model/evidence/container.ts";
import { attempt, type HostFiles } from "../filesystem.ts";
import { missing, got, type Reading } from "#model/reading.ts";

const TCP_LISTEN = 0x0a; // include/net/tcp_states.h
const UDP_UNCONNECTED = 0x07; // bound, no peer: it receives from anybody

/** Reads `/proc/PID/net/{tcp,tcp6,udp,udp6}`, see proc_pid_net(5): sockets that accept from others. */
export function parseListeners(text: string, protocol: ListenerEvidence["protocol"]): ListenerEvidence[] {
  const listeners: ListenerEvidence[] = [];
  const wanted = protocol.startsWith("tcp") ? TCP_LISTEN : UDP_UNCONNECTED;
  for (const line of text.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    if (local === undefined || state === undefined || Number.parseInt(state, 16) !== wanted) continue;
    const match = /^([0-9a-f]{8}|[0-9a-f]{32}):([0-9a-f]{1,4})$/i.exec(local);
    if (match === null) continue;
    const [, address, port] = match as unknown as [string, string, string];
    listeners.push({
      protocol,
      address: address.length === 8 ? ipv4(address) : ipv6(address),
      port: Number.parseInt(port, 16),
      inode: Number(fields[9]) || 0,
    });
  }
  return listeners;
}

// 150 and 178 bytes for TCP, 128 and 163 for UDP, and what large numbers add (net/ipv4/tcp_ipv4.c and others).
const LONGEST_LINE = 512;

/** What is open in a network namespace. */
export interface NetworkSockets {
  listeners: Reading<ListenerEvidence[]>;
  /** How many sockets see every packet (packet(7)), and how many those of a protocol (raw(7)). */
  packetSockets: Reading<number>;
  rawSockets: Reading<number>;
}

/** All that matters of the sockets in the network namespace that process `pid` is in. */
export function collectSockets(files: HostFiles, pid: number | "self"): NetworkSockets {
  const base = `/proc/${pid}/net`;
  const counts = countsOf(files, base);
  const count = (what: string, file: string): Reading<number> =>
    attempt(what, () => countSockets(files.read(`${base}/${file}`, 8 << 20, LONGEST_LINE)));
  return {
    listeners: collectListeners(files, pid, counts),
    packetSockets: count("packet sockets", "packet"),
    rawSockets: hasNone(counts, "raw") ? got(0) : count("raw sockets", "raw"),
  };
}

/** The lines of sockstat and sockstat6: how many sockets there are of each protocol. */
function countsOf(files: HostFiles, base: string): string[] {
  return [`${base}/sockstat`, `${base}/sockstat6`].flatMap((path) => {
    const text = attempt(path, () => files.readShort(path));
    return text.ok ? text.value.split("\n") : [];
  });
}

/**
 * All listeners of the network namespace that process `pid` is in.
 *
 * For a list of TCP sockets the kernel walks the table of all connections of the machine, some milliseconds
 * each time (established_get_first, net/ipv4/tcp_ipv4.c). The number of sockets costs it nothing: mostly none.
 */
export function collectListeners(
  files: HostFiles,
  pid: number | "self",
  counts = countsOf(files, `/proc/${pid}/net`),
): Reading<ListenerEvidence[]> {
  const all: ListenerEvidence[] = [];
  let answered = 0;
  let why = "";
  for (const protocol of ["tcp", "tcp6", "udp", "udp6"] as const) {
    if (hasNone(counts, protocol)) {
      answered += 1;
      continue;
    }
    const path = `/proc/${pid}/net/${protocol}`;
    // IPv6 may be built out or switched off: then its files are absent, and nothing listens there.
    const text = attempt(path, () => files.read(path, 8 << 20, LONGEST_LINE));
    if (text.ok) {
      answered += 1;
      all.push(...parseListeners(text.value, protocol));
    } else why ||= text.why;
  }
  return answered === 0 ? missing(why) : got(all);
}

// `TCP6: inuse 0`; the line for IPv4 goes on behind the number.
function hasNone(counts: readonly string[], protocol: string): boolean {
  const name = `${protocol.toUpperCase()}: inuse 0`;
  return counts.some((line) => line === name || line.startsWith(`${name} `));
}

/** Number of open sockets in `/proc/PID/net/packet` or `raw`: one line each after the heading. */
export function countSockets(text: string): number {
  return Math.max(0, text.split("\n").filter((line) => line.trim() !== "").length - 1);
}

/** A unix socket of `/proc/net/unix` that accepts connections. `@` stands before abstract names. */
export interface UnixListener {
  inode: number;
  path: string;
}

const ACCEPTS = 0x10000; // __SO_ACCEPTCON, include/linux/net.h

/** Reads `/proc/PID/net/unix`, see proc_pid_net(5). */
export function parseUnixListeners(text: string): UnixListener[] {
  const listeners: UnixListener[] = [];
  for (const line of text.split("\n").slice(1)) {
    const match = /^\S+ \S+ \S+ ([0-9a-fA-F]+) \S+ \S+ +(\d+) (.+)$/.exec(line);
    if (match === null) continue;
    const [, flags, inode, path] = match as unknown as [string, string, string, string];
    if ((Number.parseInt(flags, 16) & ACCEPTS) !== 0) listeners.push({ inode: Number(inode), path });
  }
  return listeners;
}

// Addresses stand there as 32-bit words of the machine: on little-endian ones the last byte comes first.
const BYTES = endianness() === "LE" ? [6, 4, 2, 0] : [0, 2, 4, 6];

function ipv4(hex: string): string {
  return bytesOf(hex).join(".");
}

function ipv6(hex: string): string {
  const bytes = bytesOf(hex);
  const mapped = bytes.slice(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  if (mapped) return `::ffff:${bytes.slice(12).join(".")}`;
  const words: string[] = [];
  for (let at = 0; at < 16; at += 2) {
    words.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  }
  return shorten(words);
}

function bytesOf(hex: string): number[] {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (const at of BYTES) bytes.push(Number.parseInt(hex.slice(word + at, word + at + 2), 16));
  }
  return bytes;
}

/** Puts `::` in the place of the longest run of zero words, RFC 5952 §4.2. */
function shorten(words: string[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < words.length;) {
    let end = at;
    while (words[end] === "0") end += 1;
    if (end - at > best.length) best = { at, length: end - at };
    at = Math.max(end, at + 1);
  }
  if (best.at < 0) return words.join(":");
  return `${words.slice(0, best.at).join(":")}::${words.slice(best.at + best.length).join(":")}`;
}
