/** True if the options ask for no new privileges; `no-new-privileges:false` asks for the opposite. */
export function asksForNoNewPrivileges(securityOpt: readonly string[]): boolean {
  const option = securityOpt.find((entry) => entry.startsWith("no-new-privileges"));
  return option !== undefined && !/[:=]false$/.test(option);
}
