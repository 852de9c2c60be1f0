/** The first line of rsyslog.conf(5) or syslog-ng.conf(5) that sends messages to another host; null = none. */
export function forwardsLogs(text: string): string | null {
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    // Selector with `@host` (UDP) or `@@host` (TCP); `@version:` of syslog-ng begins a line.
    if (/^[^@#"]+[ \t]@{1,2}[\w([]/.test(line)) return line;
    if (/\btype\s*=\s*"?om(?:fwd|relp|elasticsearch|kafka|hiredis|http)\b/i.test(line)) return line;
    // Destination drivers of syslog-ng that leave the host.
    if (/^destination\b.*\b(?:network|syslog|tcp6?|udp6?|http|kafka|elasticsearch-http|loki)\s*\(/.test(line))
      return line;
  }
  return null;
}
