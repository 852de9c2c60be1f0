import type { ContainerEvidence, SeccompProfile } from "#model/evidence/container.ts";
import type { Evidence } from "#model/evidence/evidence.ts";

/**
 * System calls that lead out of a container, with the capability for which Docker's default profile allows
 * them; null = never allowed by it. Source: moby, profiles/seccomp/default_linux.go, and its rationale
 * "Significant syscalls blocked by the default profile" in the Docker docs.
 */
export const ESCAPE_CALLS: Readonly<Record<string, string | null>> = {
  mount: "CAP_SYS_ADMIN",
  umount2: "CAP_SYS_ADMIN",
  move_mount: "CAP_SYS_ADMIN",
  open_tree: "CAP_SYS_ADMIN",
  fsopen: "CAP_SYS_ADMIN",
  fsmount: "CAP_SYS_ADMIN",
  pivot_root: null,
  setns: "CAP_SYS_ADMIN",
  unshare: "CAP_SYS_ADMIN",
  bpf: "CAP_SYS_ADMIN",
  perf_event_open: "CAP_SYS_ADMIN",
  quotactl: "CAP_SYS_ADMIN",
  open_by_handle_at: "CAP_DAC_READ_SEARCH",
  init_module: "CAP_SYS_MODULE",
  finit_module: "CAP_SYS_MODULE",
  delete_module: "CAP_SYS_MODULE",
  iopl: "CAP_SYS_RAWIO",
  ioperm: "CAP_SYS_RAWIO",
  kexec_load: null,
  kexec_file_load: null,
  reboot: "CAP_SYS_BOOT",
  swapon: null,
  acct: "CAP_SYS_PACCT",
  settimeofday: "CAP_SYS_TIME",
  keyctl: null,
  add_key: null,
  request_key: null,
  userfaultfd: null,
};

/** The profile of a container, null = no filter, undefined = not known. */
export function seccompProfile(
  container: ContainerEvidence,
  evidence: Pick<Evidence, "seccompProfiles">,
): SeccompProfile | null | undefined {
  if (!container.specified.ok) return undefined;
  const { seccomp } = container.specified.value;
  return seccomp === null ? null : evidence.seccompProfiles[seccomp];
}

const LETS_PASS = new Set(["SCMP_ACT_ALLOW", "SCMP_ACT_LOG"]);

/** True if a call that no rule names is let through: the filter forbids, at most, a list. */
export function isOpenByDefault(profile: SeccompProfile): boolean {
  return LETS_PASS.has(profile.defaultAction);
}

/**
 * True if the profile lets `call` pass whatever its arguments. Rules with argument conditions do not count:
 * they allow some uses only (libseccomp joins conditions of one rule by AND).
 */
export function allows(profile: SeccompProfile, call: string): boolean {
  let verdict = isOpenByDefault(profile);
  for (const { names, action, args } of profile.syscalls) {
    if (args.length > 0 || !names.includes(call)) continue;
    verdict = LETS_PASS.has(action);
    if (!verdict) return false; // A rule that forbids outweighs one that allows (seccomp(2), action order).
  }
  return verdict;
}

/** Calls that lead out and that the profile allows although the container lacks the capability for them. */
export function escapeCalls(profile: SeccompProfile, capabilities: ReadonlySet<string>): string[] {
  let open = openCalls.get(profile);
  if (open === undefined) {
    open = Object.entries(ESCAPE_CALLS).filter(([call]) => allows(profile, call));
    openCalls.set(profile, open);
  }
  return open
    .filter(([, capability]) => capability === null || !capabilities.has(capability))
    .map(([call]) => call);
}

// Most containers of a host have the same profile.
const openCalls = new WeakMap<SeccompProfile, [call: string, capability: string | null][]>();
