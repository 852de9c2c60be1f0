import fc from "fast-check";
import { expect, it } from "vitest";
import { forwardsLogs } from "./rsyslog.ts";

it.each([
  "*.* @logs.example.com",
  "*.*\t@@10.0.0.5:6514",
  "auth,authpriv.* @@(z9,o)[2001:db8::1]:6514",
  '*.* action(type="omfwd" target="logs.example.com" port="6514" protocol="tcp")',
  "action( type = omrelp target=x )",
  'destination d_net { network("logs.example.com" port(6514) transport("tls")); };',
])("%s sends logs to another host", (line) => {
  expect(forwardsLogs(`module(load="imuxsock")\n${line}\n`)).toBe(line);
});

it.each([
  "*.* /var/log/syslog",
  "# *.* @logs.example.com",
  "#*.* @@logs.example.com",
  "@version: 3.38",
  'destination d_local { file("/var/log/messages"); };',
  'action(type="omfile" file="/var/log/x@y")',
  ":omusrmsg:*",
])("%s does not", (line) => {
  expect(forwardsLogs(line)).toBeNull();
});

it("never throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(["string", "object"]).toContain(typeof forwardsLogs(text));
    }),
  );
});
